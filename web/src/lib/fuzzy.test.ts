import { describe, expect, test } from 'vitest'
import { fuzzy } from './fuzzy'

const score = (query: string, text: string) => fuzzy(query, text)?.score ?? -1

/** The text with the letters that fit in capitals. */
function shown(query: string, text: string): string {
  const letters = new Set(fuzzy(query, text)?.letters)
  return [...text].map((one, at) => (letters.has(at) ? one.toUpperCase() : one)).join('')
}

test.each([
  ['kit', ['kit', 'kitchen', 'the kitchen', 'kilo in tons', 'toolkit', 'knight']],
  ['tt', ['tt', 'ttl', 'the table', 'butter', 'toast']],
  ['jose', ['José', 'Joseline', 'María José', 'banjosex', 'joy of sea']],
  ['gen', ['general', 'team-general', 'getUserGen', 'oxygen']],
])('%s: the better fit first', (query, texts) => {
  const sorted = [...texts].sort((a, b) => score(query, b) - score(query, a))
  expect(sorted).toEqual(texts)
  expect(texts.every((text) => score(query, text) >= 0)).toBe(true)
})

describe('what fits', () => {
  test.each([
    ['olive', 'Olivé'],
    ['ÁNGEL', 'angel'],
    ['table the', 'The table'],
    ['ana sol', 'Ana María Sol'],
    ['strasse', 'STRASSE'],
    ['елка', 'ЁЛКА'],
    ['東京', '東京の部屋'],
    ['ﬁg', 'fig'],
    ['', 'anything'],
  ])('%s finds %s', (query, text) => expect(fuzzy(query, text)).not.toBeNull())

  test.each([
    ['xyz', 'José'],
    ['ba', 'ab'],
    ['ame', 'Mark all rooms read'],
    ['the chair', 'The table'],
  ])('%s does not find %s', (query, text) => expect(fuzzy(query, text)).toBeNull())
})

test('says which letters were typed', () => {
  expect(shown('kit', 'the kitchen')).toBe('the KITchen')
  expect(shown('tt', 'the table')).toBe('The Table')
  expect(shown('ktn', 'kitchen')).toBe('KiTcheN')
  expect(shown('sol ana', 'ana maria sol')).toBe('ANA maria SOL')
})

test('a shorter text is the better beginning, an earlier word the better word', () => {
  expect(score('gen', 'gent')).toBeGreaterThan(score('gen', 'general'))
  expect(score('b', 'a b c')).toBeGreaterThan(score('b', 'a c b'))
})
