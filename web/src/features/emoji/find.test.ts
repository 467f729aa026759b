import { readFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import type { CustomEmoji, EmojiList } from '@/wire/emoji'
import { createEmojiBook } from './book'
import { emojiCompleter, SHORTCODE } from './completer'
import { findCustom, findUnicode, inTone } from './find'
import { unpack } from './unicode'

const groups = unpack(JSON.parse(readFileSync('src/features/emoji/data.json', 'utf8')))
const chars = (query: string, limit = 8) => findUnicode(groups, query, limit).map((one) => one.char)

test('a name comes before words that only remind of it', () => {
  expect(chars('tada')[0]).toBe('🎉')
  expect(chars('+1')[0]).toBe('👍')
  expect(chars('heart')).toContain('❤️')
  expect(chars('corazon', 40)).toContain('❤️')
  expect(chars('')).toEqual([])
})

test('a skin tone stands behind the first code point, and only where one is taken', () => {
  const [thumb] = findUnicode(groups, 'thumbsup', 1)
  const [party] = findUnicode(groups, 'tada', 1)
  expect(thumb && inTone(thumb, '🏽')).toBe('👍🏽')
  expect(party && inTone(party, '🏽')).toBe('🎉')
  expect(inTone({ char: '☝️', toned: true }, '🏿')).toBe('☝🏿')
})

test('custom emoji are found by their beginning first', () => {
  expect(findCustom(['big_olive', 'olive', 'oliver'], 'oliv', 9)).toEqual([
    'olive',
    'oliver',
    'big_olive',
  ])
})

test.each([
  ['hello :ta', 'ta'],
  [':+1', '+1'],
  ['(:ola', 'ola'],
])('%s asks for an emoji', (text, query) => {
  expect(SHORTCODE.exec(text)?.[1]).toBe(query)
})

test.each([':t', '12:30', 'a:b', 'http://x', ': no', '::aa'])('%s does not', (text) => {
  expect(SHORTCODE.test(text)).toBe(false)
})

const olive: CustomEmoji = {
  id: 'e1',
  name: 'olive',
  animated: false,
  added_by: 'ana',
  added_at: '2026-01-01T00:00:00Z',
}

test('the list is fetched when it is wanted, again when it changed, and not before', async () => {
  const fetchCustom = vi.fn(async () => ({ emoji: [olive], version: 'v1' }))
  const book = createEmojiBook({
    fetchCustom,
    fetchUnicode: async () => groups,
    clock: { now: () => 0, random: () => 0, after: () => () => {} },
  })
  book.heard('v1')
  expect(fetchCustom).not.toHaveBeenCalled()
  book.wantCustom()
  book.wantCustom()
  await vi.waitFor(() => expect(book.store.getState().custom?.get('olive')).toEqual(olive))
  book.heard('v1')
  expect(fetchCustom).toHaveBeenCalledTimes(1)
  book.heard('v2')
  expect(fetchCustom).toHaveBeenCalledTimes(2)
})

test('an emoji that somebody brought is offered though the server answers after Unicode', async () => {
  let answer: (list: EmojiList) => void = () => {}
  const book = createEmojiBook({
    fetchCustom: () => new Promise((resolve) => (answer = resolve)),
    fetchUnicode: async () => groups,
    clock: { now: () => 0, random: () => 0, after: () => () => {} },
  })
  const offered = emojiCompleter(book).more?.('oliv', { roomId: 'r', threadId: null, myId: 'ana' })
  await vi.waitFor(() => expect(book.store.getState().groups).toEqual(groups))
  answer({ emoji: [olive], version: 'v1' })
  expect((await offered)?.map((one) => one.insert)).toContain(':olive:')
})

test('without the server Unicode’s emoji are offered', async () => {
  const book = createEmojiBook({
    fetchCustom: async () => {
      throw new Error('away')
    },
    fetchUnicode: async () => groups,
    clock: { now: () => 0, random: () => 0, after: () => () => {} },
  })
  const place = { roomId: 'r', threadId: null, myId: 'ana' }
  const name = groups[0]?.emoji[0]?.names[0] ?? ''
  expect(await emojiCompleter(book).more?.(name, place)).not.toEqual([])
})
