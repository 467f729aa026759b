import { expect, test } from 'vitest'
import type { Completer } from '@/lib/composer-parts'
import { askedAt, completed } from './completion'
import { MENTION } from './mention-query'

const people: Completer = { id: 'mention', trigger: MENTION, label: () => '', find: () => [] }

const asked = (text: string, caret: number) => {
  const found = askedAt([people], text, caret)
  return found && { from: found.from, query: found.query }
}

test('an @ asks where a word may begin, and nowhere else', () => {
  expect(asked('hi @an', 6)).toEqual({ from: 3, query: 'an' })
  expect(asked('@', 1)).toEqual({ from: 0, query: '' })
  expect(asked('ana@example', 11)).toBeNull()
  expect(asked('hi @an yes', 10)).toBeNull()
})

test('the answer takes the place of what was typed, with one space after it', () => {
  expect(completed('hi @an there', 6, 3, '@ana')).toEqual({ value: 'hi @ana there', caret: 8 })
})
