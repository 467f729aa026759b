import { expect, test } from 'vitest'
import { complete, itemsOf, unfinishedAt, without } from './question'

const summary = (text: string) =>
  itemsOf(text).map((one) => `${one.negative ? '-' : ''}${one.operator}=${one.value}`)

test('finds the operators of a question', () => {
  expect(summary('olive from:bob -in:"The table" has:link')).toEqual([
    'from=bob',
    '-in=The table',
    'has=link',
  ])
  expect(summary('"from:bob" https://example.com sender:bob from:')).toEqual([])
})

test('takes one out again', () => {
  const text = 'olive from:bob oil'
  const [found] = itemsOf(text)
  expect(found && without(text, found)).toBe('olive oil')
})

test.each([
  ['fr', null, 'fr'],
  ['olive fr', null, 'fr'],
  ['from:b', 'from', 'b'],
  ['from:', 'from', ''],
  ['-from:b', 'from', 'b'],
  ['in:"the ta', 'in', 'the ta'],
])('knows what %s wants to become', (text, operator, typed) => {
  expect(unfinishedAt(text, text.length)).toMatchObject({ operator, typed })
})

test.each(['', 'from:bob ', 'sender:b', '3'])('%s is finished', (text) => {
  expect(unfinishedAt(text, text.length)).toBeNull()
})

function completed(text: string, value: string) {
  const part = unfinishedAt(text, text.length)
  if (!part) throw new Error('nothing to complete')
  return complete(text, part, value).text
}

test('completes what was begun', () => {
  expect(completed('olive fr', 'from')).toBe('olive from:')
  expect(completed('from:b', 'bob')).toBe('from:bob ')
  expect(completed('-in:the', 'The table')).toBe('-in:"The table" ')
  expect(completed('in:"the ta', 'The table')).toBe('in:"The table" ')
})
