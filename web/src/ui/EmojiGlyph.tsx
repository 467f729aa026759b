import { useEffect } from 'react'
import { useStore } from 'zustand'
import { cx } from '@/lib/class-names'
import { customName, imageOf, useEmojiBook } from '@/lib/emoji'

/** Text fonts draw some emoji too, in one colour. */
const coloured =
  "[font-family:'Apple_Color_Emoji','Segoe_UI_Emoji','Noto_Color_Emoji',emoji,sans-serif]"

/** An emoji of a reaction: a character, or the picture of `:name:`; the name where it has none. */
export function EmojiGlyph({ emoji, className }: { emoji: string; className?: string }) {
  const name = customName(emoji)
  if (name === null) return <span className={cx(coloured, className)}>{emoji}</span>
  return <NamedEmoji name={name} {...(className && { className })} />
}

/** `:name:` in a text: the picture people brought, Unicode's character, or what was written. */
export function NamedEmoji({ name, className }: { name: string; className?: string }) {
  const book = useEmojiBook()
  const custom = useStore(book.store, (state) => state.custom?.get(name))
  const char = useStore(book.store, (state) => state.chars.get(name))
  useEffect(() => {
    book.wantCustom()
    book.wantUnicode()
  }, [book])
  if (custom) {
    return (
      <img
        src={imageOf(custom.id)}
        alt={`:${name}:`}
        title={`:${name}:`}
        draggable={false}
        className={cx('inline-block size-[1.35em] object-contain align-[-0.3em]', className)}
      />
    )
  }
  return <span className={cx(char && coloured, className)}>{char ?? `:${name}:`}</span>
}
