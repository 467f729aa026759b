import type { TokenizerAndRendererExtension } from 'marked'
import { type ReactNode, useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { cx } from '@/lib/class-names'

/** `||text||` on one line; `a || b || c` is what programs say. */
const SPOILER = /^\|\|(?=\S)([^\n]*?\S)\|\|/

/** For marked: a span of its own, with whatever marks are inside. */
export const spoiler: TokenizerAndRendererExtension = {
  name: 'spoiler',
  level: 'inline',
  start: (source) => source.indexOf('||'),
  tokenizer(source) {
    const match = SPOILER.exec(source)
    if (!match) return undefined
    const [raw, text = ''] = match
    return { type: 'spoiler', raw, text, tokens: this.lexer.inlineTokens(text) }
  },
}

/** Covered until somebody wants to know; covered, it is not read aloud and not selected either. */
export function Spoiler({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState(false)
  return (
    <button
      type="button"
      aria-expanded={shown}
      aria-label={shown ? undefined : m.messages_spoiler()}
      title={shown ? undefined : m.messages_spoiler()}
      onClick={(event) => {
        // A link under the cover is not followed by uncovering it.
        if (!shown) event.preventDefault()
        if (!(shown && (event.target as HTMLElement).closest('a'))) setShown(!shown)
      }}
      className={cx(
        'inline cursor-pointer rounded-small px-0.5 text-start whitespace-pre-wrap transition-colors select-text',
        shown ? 'bg-sunken' : 'bg-ink/80 text-transparent! hover:bg-ink/70',
      )}
    >
      <span aria-hidden={!shown} className={cx(!shown && 'invisible')} inert={!shown}>
        {children}
      </span>
    </button>
  )
}
