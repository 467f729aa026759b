import { CornerUpLeftIcon } from 'lucide-react'
import { m } from '@/i18n/paraglide/messages.js'
import { usePerson, useSync } from '@/sync/react'
import type { Quote } from '@/wire/messages'
import { usePane } from './pane-store'

/** The message answered, in a line; pressing it goes there. */
export function QuoteLine({ quote }: { quote: Quote }) {
  const { list } = usePane()
  const author = usePerson(quote.author_id)
  const name = author?.display_name ?? m.messages_somebody()
  return (
    <button
      type="button"
      onClick={() => void list.current?.scrollToSeq(quote.seq)}
      className="mb-0.5 flex max-w-full items-center gap-1.5 rounded-small text-start text-small text-muted hover:text-ink"
    >
      <CornerUpLeftIcon aria-hidden="true" className="size-3.5 shrink-0 rtl:-scale-x-100" />
      <span className="sr-only">{m.messages_go_to_quoted({ name })}</span>
      <span aria-hidden="true" className="shrink-0 font-semibold" dir="auto">
        {name}
      </span>
      <span className="truncate" dir="auto">
        {quote.text === null ? <i>{m.messages_quote_deleted()}</i> : oneLine(quote.text)}
      </span>
    </button>
  )
}

/** The same for a message of mine that is still on its way. */
export function PendingQuote({ roomId, messageId }: { roomId: string; messageId: string }) {
  const quoted = useSync((state) =>
    state.timelines[roomId]?.messages.find((message) => message.id === messageId),
  )
  if (!quoted) return null
  const text = quoted.body.kind === 'text' ? quoted.body.text : null
  return <QuoteLine quote={{ id: quoted.id, seq: quoted.seq, author_id: quoted.author_id, text }} />
}

/** Markdown's marks say nothing in a line this short. */
export const oneLine = (text: string) =>
  text
    .replace(/```[\s\S]*?(```|$)/g, ' … ')
    .replace(/[*_~`>#]+/g, '')
    .replace(/\s+/g, ' ')
    .trim()
