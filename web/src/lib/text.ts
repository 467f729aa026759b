/** At most two letters that stand for a name, whole graphemes: "Ana Sol" → "AS", "🦉" → "🦉". */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean)
  const picked = words.length > 1 ? [words[0], words[words.length - 1]] : words
  return picked.map((word) => firstGrapheme(word ?? '').toLocaleUpperCase()).join('')
}

const COMBINING = 0x300

function firstGrapheme(word: string): string {
  // Below the first combining letter each stands alone; a segmenter for every face is dear.
  if (word.charCodeAt(0) < COMBINING && !(word.charCodeAt(1) >= COMBINING)) return word.charAt(0)
  const [first] = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(word)
  return first?.segment ?? ''
}

/** Lower case without accents, so that "jose" finds "José". */
export const fold = (text: string) =>
  text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLocaleLowerCase()

/**
 * How well `query` fits `text`, higher is better, `null` for not at all. Whole prefix, then start
 * of a word, then letters in order: what people expect of a quick switcher.
 */
export function matchScore(query: string, text: string): number | null {
  const wanted = fold(query.trim())
  const found = fold(text)
  if (!wanted) return 0
  if (found.startsWith(wanted)) return 3
  if (found.split(/[\s\-_/.]+/u).some((word) => word.startsWith(wanted))) return 2
  if (found.includes(wanted)) return 1
  let from = 0
  for (const letter of wanted) {
    const at = found.indexOf(letter, from)
    if (at < 0) return null
    from = at + letter.length
  }
  return 0
}

/** Newest first, for moments as the server writes them: their letters sort as they do. */
export const byNewest = (one: string, other: string) => (one < other ? 1 : one > other ? -1 : 0)

/** A stable hue in degrees for a name or id, away from the reserved live green (95–150°). */
export function hueOf(id: string): number {
  let hash = 2166136261
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 16777619)
  const free = (hash >>> 0) % 305
  return (free + 150) % 360
}
