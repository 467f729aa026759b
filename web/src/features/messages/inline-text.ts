import { shortcodes } from '@/lib/emoji'

/** A run of text, or a name that calls somebody. */
export type Run = { text: string } | { mention: string; text: string }

/** What an `@name` of a text stands for. */
export interface Call {
  /** Does it call me? */
  me: boolean
  /** Tells who stands behind it, beside what was pressed. */
  open?: (anchor: HTMLElement) => void
}

/** By name, in small letters. */
export type Calls = ReadonlyMap<string, Call>

/** Words that call everybody; the server's rule is `messages/state.py`. */
export const roomWords: readonly string[] = ['room', 'all', 'everyone', 'channel']
export const hereWords: readonly string[] = ['here']

/** Where a mention may begin: `@` not inside a word or an address. Usernames as the server has them. */
const mention = /(?<![\p{L}\p{N}_@.])@([a-z0-9](?:[a-z0-9._-]{0,30}[a-z0-9])?)/giu

/** The names a text calls, whoever they are. */
export const namesIn = (text: string): string[] =>
  [...text.matchAll(mention)].map((match) => (match[1] ?? '').toLowerCase())

/** Cuts text at the names that the server counted as mentions; others stay words. */
export function cutMentions(text: string, names: { has(name: string): boolean }): Run[] {
  const runs: Run[] = []
  let from = 0
  for (const match of text.matchAll(mention)) {
    const name = (match[1] ?? '').toLowerCase()
    if (!names.has(name)) continue
    if (match.index > from) runs.push({ text: text.slice(from, match.index) })
    runs.push({ mention: name, text: match[0] })
    from = match.index + match[0].length
  }
  if (from < text.length) runs.push({ text: text.slice(from) })
  return runs
}

/** Cuts text at `:names:`; what they stand for, if for anything, is known where they are drawn. */
export function cutShortcodes(text: string): ({ text: string } | { name: string })[] {
  const runs: ({ text: string } | { name: string })[] = []
  let from = 0
  for (const match of text.matchAll(shortcodes)) {
    if (match.index > from) runs.push({ text: text.slice(from, match.index) })
    runs.push({ name: match[1] ?? '' })
    from = match.index + match[0].length
  }
  if (from < text.length) runs.push({ text: text.slice(from) })
  return runs
}

/** Up to three emoji and nothing else may be large, `:names:` among them. */
export const isJustEmoji = (written: string): boolean => {
  const text = written.replace(shortcodes, '😀')
  // Cutting a text into what people take for letters is dear, and nearly all of them are words.
  if (!/^\s*[\p{Extended_Pictographic}\p{RI}]/u.test(text)) return false
  const clusters = [...new Intl.Segmenter().segment(text.trim())].map(({ segment }) => segment)
  const visible = clusters.filter((cluster) => cluster.trim() !== '')
  return (
    visible.length > 0 &&
    visible.length <= 3 &&
    visible.every(
      (cluster) => /^\p{Extended_Pictographic}/u.test(cluster) || /^\p{RI}{2}$/u.test(cluster),
    )
  )
}
