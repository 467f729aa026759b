import { afterEach, expect, test } from 'vitest'
import { formatList, formatNumber, formatRelative, formatTime } from './format'
import { formatTag, setLocale } from './locale'

afterEach(() => setLocale('en'))

const now = new Date('2026-11-21T12:00:00Z')

test.each([
  ['2026-11-21T11:59:40Z', 'now'],
  ['2026-11-21T11:57:00Z', '3 minutes ago'],
  ['2026-11-20T11:00:00Z', 'yesterday'],
  ['2026-11-21T15:00:00Z', 'in 3 hours'],
])('%s reads %s', (at, text) => {
  expect(formatRelative(at, now)).toBe(text)
})

test('follows a change of language', () => {
  expect(formatList(['Ana', 'Bo'])).toBe('Ana and Bo')
  setLocale('es')
  expect(formatList(['Ana', 'Bo'])).toBe('Ana y Bo')
  expect(formatRelative('2026-11-20T11:00:00Z', now)).toBe('ayer')
  expect(formatNumber(12_345.5)).toBe('12.345,5')
})

test.each([
  [['en-GB', 'es-MX'], '13:23'],
  [['en-US'], '1:23 PM'],
  [['de-DE', 'en'], '1:23 PM'],
])('of %j the first that speaks our language says how to write a time', (wanted, text) => {
  setLocale('en', wanted)
  // Intl puts a narrow no-break space before PM.
  expect(formatTime(new Date(2026, 10, 21, 13, 23)).replace(/\s/u, ' ')).toBe(text)
})

test('a tag that is none is no reason to fail', () => {
  expect(formatTag('en', ['en-US@posix'])).toBe('en')
  expect(formatTag('es', ['en-GB'])).toBe('es')
  expect(formatTag('es', ['en-GB', 'es-MX'])).toBe('es-MX')
})
