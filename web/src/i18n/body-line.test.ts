import { expect, test } from 'vitest'
import { bodyLine } from './body-line'
import { clockTime } from './clock-time'

const file = (name: string, media_type: string) => ({ name, media_type })
const files = (count: number, text = '') => ({
  kind: 'files' as const,
  text,
  files: Array.from({ length: count }, (_, at) => ({ id: String(at), alt: '' })),
})

test('words come first', () => {
  expect(bodyLine({ kind: 'text', text: 'hello' })).toBe('hello')
  expect(bodyLine(files(1, 'our cat'), [file('cat.png', 'image/png')])).toBe('our cat')
})

test('without words it is said what it brings along', () => {
  const cat = file('cat.png', 'image/png')
  expect(bodyLine(files(1), [cat])).toBe('📷 Picture')
  expect(bodyLine(files(3), [cat, cat, cat])).toBe('📷 3 pictures')
  expect(bodyLine(files(1), [file('report.pdf', 'application/pdf')])).toBe('📎 report.pdf')
  expect(bodyLine(files(2), [cat, file('a.pdf', 'application/pdf')])).toBe('📎 2 files')
  expect(bodyLine(files(1), [file('talk.mp4', 'video/mp4')])).toBe('🎬 talk.mp4')
})

test('what its files are may not be known', () => {
  expect(bodyLine(files(1))).toBe('📎 File')
})

test('a voice says how long it is', () => {
  const voice = {
    kind: 'voice' as const,
    duration_ms: 12_400,
    waveform: [],
    file_id: null,
    text: '',
  }
  expect(bodyLine({ ...voice, mime_type: 'audio/webm', size: null })).toBe('🎤 Voice message, 0:12')
})

test('a note and what is gone say nothing', () => {
  expect(bodyLine({ kind: 'deleted', by: 'x' })).toBeNull()
})

test('time as clocks show it', () => {
  expect([0, 999, 61_000, 754_000, 3_723_000].map(clockTime)).toEqual([
    '0:00', '0:01', '1:01', '12:34', '1:02:03',
  ]) // biome-ignore format: a table
})
