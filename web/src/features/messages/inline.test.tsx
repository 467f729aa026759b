import { fireEvent, render, screen } from '@testing-library/react'
import { describe, expect, test, vi } from 'vitest'
import { type Call, cutMentions, isJustEmoji } from './inline-text'
import { safeHref } from './links'
import { Markdown } from './markdown'

const show = (text: string, calls: Record<string, Call> = {}) =>
  render(<Markdown text={text} calls={new Map(Object.entries(calls))} />).container

describe('links', () => {
  test.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'vbscript:x',
    '/rooms',
    'JaVaScRiPt:alert(1)',
  ])('%s is no link', (href) => expect(safeHref(href)).toBeNull())

  test('web and mail addresses are', () => {
    expect(safeHref('https://example.org/a?b')).toBe('https://example.org/a?b')
    expect(safeHref('mailto:ana@example.org')).toBe('mailto:ana@example.org')
  })

  test('a dangerous link is shown as it was written', () => {
    const shown = show('[press me](javascript:alert(1))')
    expect(shown.querySelector('a')).toBeNull()
    expect(shown.textContent).toBe('[press me](javascript:alert(1))')
  })

  test('a link opens apart and tells nobody where from', () => {
    show('see https://example.org')
    const link = screen.getByRole('link', { name: 'https://example.org' })
    expect(link.getAttribute('rel')).toBe('noopener noreferrer')
  })

  test('an image is a link, so that reading loads nothing', () => {
    const shown = show('![a cat](https://example.org/cat.png)')
    expect(shown.querySelector('img')).toBeNull()
    expect(screen.getByRole('link', { name: 'a cat' })).toBeTruthy()
  })
})

describe('Markdown', () => {
  test('HTML is text', () => {
    const shown = show('<img src=x onerror=alert(1)> <b>hi</b>\n\n<script>alert(1)</script>')
    expect(shown.querySelector('img, b, script')).toBeNull()
    expect(shown.textContent).toContain('<script>alert(1)</script>')
  })

  test('ampersands and angle brackets come out as they went in', () => {
    expect(show('a < b && c > d, `x < y`, "quotes" & \'more\'').textContent).toBe(
      'a < b && c > d, x < y, "quotes" & \'more\'',
    )
  })

  test('lines break where they were broken', () => {
    expect(show('one\ntwo').textContent).toBe('one\ntwo')
  })

  test('a wall of quotes does not break the page', () => {
    const shown = show(`${'>'.repeat(500)} deep`)
    expect(shown.textContent).toContain('deep')
  })

  test('code keeps its text and reads left to right', () => {
    const shown = show('```\nlet a = 1 < 2\n```')
    expect(shown.querySelector('pre')?.getAttribute('dir')).toBe('ltr')
    expect(shown.querySelector('pre')?.textContent).toBe('let a = 1 < 2')
  })
})

describe('mentions', () => {
  const names = new Set(['ana', 'bo.b'])
  test('only names the server counted, never inside words or addresses', () => {
    expect(cutMentions('hi @Ana, mail x@ana or @eve', names)).toEqual([
      { text: 'hi ' },
      { mention: 'ana', text: '@Ana' },
      { text: ', mail x@ana or @eve' },
    ])
  })

  test('a full stop at the end is not part of the name', () => {
    expect(cutMentions('ask @bo.b.', names)).toEqual([
      { text: 'ask ' },
      { mention: 'bo.b', text: '@bo.b' },
      { text: '.' },
    ])
  })
})

test('a name that calls somebody tells who, but inside a link it is a word of the link', () => {
  const open = vi.fn()
  show('[ask @ana](https://example.org) or @ana', { ana: { me: true, open } })
  expect(screen.getByRole('link').querySelector('button')).toBeNull()
  fireEvent.click(screen.getByRole('button', { name: '@ana' }))
  expect(open).toHaveBeenCalledOnce()
})

test('only a few emoji alone are large', () => {
  expect(isJustEmoji('🦉')).toBe(true)
  expect(isJustEmoji(' 👩‍👩‍👧 🇪🇸 ')).toBe(true)
  expect(isJustEmoji('🦉 ok')).toBe(false)
  expect(isJustEmoji('12')).toBe(false)
  expect(isJustEmoji('🦉🦉🦉🦉')).toBe(false)
})
