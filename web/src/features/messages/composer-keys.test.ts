import { describe, expect, test } from 'vitest'
import { isInFence, type Keystroke, reachesBack, sends, wrap } from './composer-keys'

const key = (fields: Partial<Keystroke>): Keystroke => ({
  key: 'Enter',
  keyCode: 13,
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  isComposing: false,
  ...fields,
})
const field = (value: string, at = value.length) => ({
  value,
  selectionStart: at,
  selectionEnd: at,
})

describe('Enter', () => {
  test('sends; with Shift it breaks the line; the setting swaps them', () => {
    expect(sends(key({}), field('hi'), true)).toBe(true)
    expect(sends(key({ shiftKey: true }), field('hi'), true)).toBe(false)
    expect(sends(key({}), field('hi'), false)).toBe(false)
    expect(sends(key({ shiftKey: true }), field('hi'), false)).toBe(true)
  })

  test('never sends while an input method is composing, in Safari neither', () => {
    expect(sends(key({ isComposing: true }), field('にほん'), true)).toBe(false)
    expect(sends(key({ keyCode: 229 }), field('にほん'), true)).toBe(false)
  })

  test('breaks the line inside a code fence, where Ctrl+Enter still sends', () => {
    const code = field('look:\n```ts\nlet a = 1')
    expect(sends(key({}), code, true)).toBe(false)
    expect(sends(key({ ctrlKey: true }), code, true)).toBe(true)
    expect(sends(key({}), field('```\nlet a = 1\n```'), true)).toBe(true)
  })
})

test('a fence is closed by one of its own kind, at least as long', () => {
  expect(isInFence('~~~\n```\n', 9)).toBe(true)
  expect(isInFence('````\n```\n', 9)).toBe(true)
  expect(isInFence('````\n````\n', 10)).toBe(false)
  expect(isInFence('not ```a fence', 14)).toBe(false)
})

test('↑ reaches back only from an empty composer', () => {
  const up = key({ key: 'ArrowUp', keyCode: 38 })
  expect(reachesBack(up, field(''))).toBe('edit')
  expect(reachesBack({ ...up, shiftKey: true }, field(''))).toBe('reply')
  expect(reachesBack(up, field('x'))).toBeNull()
  expect(reachesBack({ ...up, altKey: true }, field(''))).toBeNull()
})

test('marks go around the selection, and away again', () => {
  const marked = wrap({ value: 'a word', selectionStart: 2, selectionEnd: 6 }, '**')
  expect(marked).toEqual({ value: 'a **word**', selectionStart: 4, selectionEnd: 8 })
  expect(wrap(marked, '**')).toEqual({ value: 'a word', selectionStart: 2, selectionEnd: 6 })
})
