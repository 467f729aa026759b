import { describe, expect, test, vi } from 'vitest'
import { findShortcut, matches, type Scope, type Shortcut } from './shortcuts'

const press = (key: string, more: KeyboardEventInit = {}) =>
  new KeyboardEvent('keydown', { key, ...more })

function shortcut(id: string, keys: string, scope: Scope = 'global'): Shortcut {
  return { id, keys: [keys], scope, label: () => id, run: vi.fn() }
}

describe('matches', () => {
  test.each([
    ['Mod+K', press('k', { ctrlKey: true }), true],
    ['Mod+K', press('k'), false],
    ['Mod+K', press('k', { ctrlKey: true, shiftKey: true }), false],
    ['Mod+Shift+U', press('U', { ctrlKey: true, shiftKey: true }), true],
    ['?', press('?', { shiftKey: true }), true],
    ['Mod+/', press('/', { ctrlKey: true, shiftKey: true }), true],
    ['Alt+ArrowUp', press('ArrowUp', { altKey: true }), true],
    ['Alt+ArrowUp', press('ArrowUp', { altKey: true, shiftKey: true }), false],
    ['Escape', press('Escape'), true],
  ])('%s', (keys, event, expected) => {
    expect(matches(event, keys)).toBe(expected)
  })
})

describe('findShortcut', () => {
  const heardIn = (
    element: HTMLElement,
    event: KeyboardEvent,
    list: Shortcut[],
    dialog = false,
  ) => {
    let found: Shortcut | undefined
    document.body.append(element)
    element.addEventListener('keydown', (heard) => {
      found = findShortcut(heard, list, dialog)
    })
    element.dispatchEvent(event)
    element.remove()
    return found?.id
  }
  const field = () => document.createElement('textarea')
  const page = () => document.createElement('div')

  test('plain characters belong to whoever is typing', () => {
    const list = [shortcut('help', '?'), shortcut('switcher', 'Mod+K')]
    expect(heardIn(field(), press('?'), list)).toBeUndefined()
    expect(heardIn(page(), press('?'), list)).toBe('help')
    expect(heardIn(field(), press('k', { ctrlKey: true }), list)).toBe('switcher')
  })

  test('the innermost scope wins', () => {
    const list = [shortcut('leave', 'Escape', 'global'), shortcut('read', 'Escape', 'composer')]
    expect(heardIn(page(), press('Escape'), list)).toBe('read')
  })

  test('the page behind an open dialog hears nothing', () => {
    const list = [shortcut('next', 'Alt+ArrowDown', 'room'), shortcut('help', 'Mod+/')]
    expect(heardIn(page(), press('ArrowDown', { altKey: true }), list, true)).toBeUndefined()
    expect(heardIn(page(), press('/', { ctrlKey: true }), list, true)).toBe('help')
  })

  test('keys of an input method are its own', () => {
    const list = [shortcut('send', 'Escape')]
    expect(heardIn(field(), press('Escape', { isComposing: true }), list)).toBeUndefined()
  })

  test('an entry that only documents is never run', () => {
    const { run: _, ...documented } = shortcut('newline', 'Escape', 'composer')
    expect(heardIn(page(), press('Escape'), [documented])).toBeUndefined()
  })
})
