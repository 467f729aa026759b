import { expect, test } from 'vitest'
import { usedBefore } from './keeping'

test('a part that was used comes along to the next build, under its new name', () => {
  const kept = ['/assets/index-aaaaaaaa.js', '/assets/saved-page-b-b_bbb1.js']
  const later = ['/assets/saved-page-cccccccc.js', '/assets/contacts-page-dddddddd.js']
  expect(usedBefore(kept, later)).toEqual(['/assets/saved-page-cccccccc.js'])
})

test('kinds of files are told apart', () => {
  expect(usedBefore(['/assets/core-aaaaaaaa.css'], ['/assets/core-aaaaaaaa.js'])).toEqual([])
})
