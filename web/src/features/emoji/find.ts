import type { EmojiGroup, UnicodeEmoji } from '@/lib/emoji'

/** Without accents and case, words joined by `_` as names are. */
export const plain = (text: string) =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .trim()
    .replace(/[\s_]+/g, '_')

/** Better is smaller; null where nothing fits. */
function rank(one: UnicodeEmoji, query: string): number | null {
  if (one.names.includes(query)) return 0
  if (one.names.some((name) => name.startsWith(query))) return 1
  if (one.keywords.some((word) => word === query)) return 2
  if (one.names.some((name) => name.includes(`_${query}`))) return 3
  if (one.keywords.some((word) => plain(word).startsWith(query))) return 4
  return null
}

/** Best first, the picker's order among equals. */
export function findUnicode(
  groups: readonly EmojiGroup[],
  text: string,
  limit: number,
): UnicodeEmoji[] {
  const query = plain(text)
  if (query === '') return []
  return groups
    .flatMap(({ emoji }) => emoji)
    .flatMap((one) => {
      const place = rank(one, query)
      return place === null ? [] : [{ one, place }]
    })
    .sort((a, b) => a.place - b.place)
    .slice(0, limit)
    .map(({ one }) => one)
}

export const findCustom = (names: Iterable<string>, text: string, limit: number): string[] => {
  const query = plain(text)
  const all = [...names]
  const begins = all.filter((name) => name.startsWith(query))
  const holds = all.filter((name) => !name.startsWith(query) && name.includes(query))
  return [...begins, ...holds].slice(0, limit)
}

/** The tones in Unicode's order, light to dark; `''` is the yellow one. */
export const tones = ['', '🏻', '🏼', '🏽', '🏾', '🏿'] as const

/** The emoji in a skin tone: it stands behind the first code point. */
export function inTone(
  { char, toned }: Pick<UnicodeEmoji, 'char' | 'toned'>,
  tone: string,
): string {
  if (!toned || tone === '') return char
  const [first = '', ...rest] = [...char]
  return first + tone + rest.join('').replace(/^\ufe0f/, '')
}
