import { expect, test } from 'vitest'
import { candidates, complete, mentionAt } from './mention-query'

test('an @ asks where a word may begin, and nowhere else', () => {
  expect(mentionAt('hi @an', 6)).toEqual({ from: 3, query: 'an' })
  expect(mentionAt('@', 1)).toEqual({ from: 0, query: '' })
  expect(mentionAt('ana@example', 11)).toBeNull()
  expect(mentionAt('hi @an yes', 10)).toBeNull()
})

test('a name takes the place of what was typed, with one space after it', () => {
  expect(complete('hi @an there', 6, { from: 3, query: 'an' }, 'ana')).toEqual({
    value: 'hi @ana there',
    caret: 8,
  })
})

test('people are found by username and by any of their names, accents aside', () => {
  const people = [
    { username: 'bo', display_name: 'Bo Ortega' },
    { username: 'jm', display_name: 'José María' },
    { username: 'maria', display_name: 'Zoe' },
  ]
  expect(candidates('maria', people).map((p) => p.username)).toEqual(['jm', 'maria'])
  expect(candidates('jose', people).map((p) => p.username)).toEqual(['jm'])
  expect(candidates('xx', people)).toEqual([])
})
