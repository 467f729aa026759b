import { expect, test } from 'vitest'
import { candidates } from './mention-query'

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
