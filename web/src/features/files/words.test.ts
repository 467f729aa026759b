import { expect, test } from 'vitest'
import { formatSize } from '@/i18n/format'
import { endingOf } from './kinds'
import { stateText, uploadErrorText } from './words'

test('sizes are told in steps of a thousand, with no more digits than one reads', () => {
  expect(formatSize(0)).toBe('0 byte')
  expect(formatSize(999)).toBe('999 byte')
  expect(formatSize(1_000)).toBe('1 kB')
  expect(formatSize(45_600)).toBe('45.6 kB')
  expect(formatSize(328_512)).toBe('329 kB')
  expect(formatSize(5_368_709_120)).toBe('5.4 GB')
  expect(formatSize(9e15)).toBe('9,000 TB')
})

test('a refusal says how much there may be, where that is known', () => {
  expect(uploadErrorText({ code: 'too_large', left: 2_000_000 })).toContain('2 MB at most')
  expect(uploadErrorText({ code: 'too_large' })).not.toContain('null')
  expect(uploadErrorText({ code: 'quota_exceeded', left: 500 })).toContain('500 byte are free')
  expect(uploadErrorText({ code: 'quota_exceeded' })).toContain('no room')
  expect(uploadErrorText(null)).not.toBe('')
})

test('not scanned is told, clean is not', () => {
  expect(stateText({ state: 'ready', scan: 'clean' })).toBeNull()
  expect(stateText({ state: 'ready', scan: 'not_scanned' })).not.toBeNull()
  expect(stateText({ state: 'infected', scan: 'infected' })).toContain('virus')
})

test('an ending is a short one', () => {
  expect(endingOf('notes.tar.gz')).toBe('gz')
  expect(endingOf('README')).toBe('')
  expect(endingOf('what.a sentence')).toBe('')
})
