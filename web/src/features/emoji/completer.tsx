import { m } from '@/i18n/paraglide/messages.js'
import type { Completer, Completion } from '@/lib/composer-parts'
import type { EmojiBook } from '@/lib/emoji'
import { EmojiGlyph } from '@/ui/EmojiGlyph'
import { findCustom, findUnicode, inTone } from './find'
import { skinTone } from './habits'

const LIMIT = 8

/** `:` and two letters, not inside a word or a time. */
export const SHORTCODE = /(?<![\p{L}\p{N}:]):([a-z0-9+-][\p{L}\p{N}_+-]+)$/iu

/** `:name` becomes the emoji, custom ones first. */
export const emojiCompleter = (book: EmojiBook): Completer => ({
  id: 'emoji',
  trigger: SHORTCODE,
  label: m.emoji_completions,
  find: (query) => found(book, query),
  // Asked before the lists were here: once they are, nothing more has to be typed. Both: Unicode's
  // alone would leave out for good what people brought along.
  more: async (query) => {
    await Promise.all([book.wantCustom(), book.wantUnicode()])
    return found(book, query)
  },
})

function found(book: EmojiBook, query: string): readonly Completion[] {
  const { custom, groups } = book.store.getState()
  const own = findCustom(custom?.keys() ?? [], query, LIMIT).map((name) =>
    completion(`:${name}:`, name),
  )
  const tone = skinTone()
  const others = findUnicode(groups ?? [], query, LIMIT).map((one) =>
    completion(inTone(one, tone), one.names[0] ?? one.char),
  )
  return [...own, ...others].slice(0, LIMIT)
}

const completion = (emoji: string, name: string): Completion => ({
  id: emoji,
  label: `:${name}:`,
  icon: <EmojiGlyph emoji={emoji} className="text-lead leading-none" />,
  insert: emoji,
})
