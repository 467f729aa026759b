import { useNavigate } from '@tanstack/react-router'
import { CornerUpLeftIcon } from 'lucide-react'
import { bodyLine } from '@/i18n/body-line'
import { m } from '@/i18n/paraglide/messages.js'
import { useEngine, usePerson, useSync } from '@/sync/react'
import type { State } from '@/sync/state'
import { PictureThumb } from '@/ui/PictureThumb'
import type { Quote } from '@/wire/messages'
import { usePane } from './pane-store'

/** The message answered, in a line; pressing it goes there. */
export function QuoteLine({ quote, from }: { quote: Quote; from?: number }) {
  const lead = useLead(from)
  const author = usePerson(quote.author_id)
  const name = author?.display_name ?? m.messages_somebody()
  return (
    <button
      type="button"
      onClick={() => lead(quote.seq)}
      className="mb-0.5 flex max-w-full items-center gap-1.5 rounded-small text-start text-small text-muted hover:text-ink"
    >
      <CornerUpLeftIcon aria-hidden="true" className="size-3.5 shrink-0 rtl:-scale-x-100" />
      <span className="sr-only">{m.messages_go_to_quoted({ name })}</span>
      <span aria-hidden="true" className="shrink-0 font-semibold" dir="auto">
        {name}
      </span>
      <span className="truncate" dir="auto">
        {quote.text === null ? <i>{m.messages_quote_deleted()}</i> : <Said quote={quote} />}
      </span>
    </button>
  )
}

/** As the server says it of files and voices that came without words (R2). */
const WORDLESS = /^(📎|🎤) /u

/** Without words, what it brings along, as far as it is held here. */
function Said({ quote }: { quote: Quote }) {
  const { roomId, threadId } = usePane()
  const wordless = WORDLESS.test(quote.text ?? '')
  const held = useSync((state) =>
    wordless ? findHeld(state, roomId, threadId, quote.id) : undefined,
  )
  const line = held ? bodyLine(held.body, held.files) : quote.text
  return (
    <>
      {held && <PictureThumb files={held.files} className="me-1.5 inline size-5" />}
      {oneLine(line || m.line_wordless())}
    </>
  )
}

/** Goes to a message, and remembers the way back; from a thread it shows what stands in the room. */
function useLead(from: number | undefined): (seq: number) => void {
  const { threadId, roomId, list, store } = usePane()
  const engine = useEngine()
  const navigate = useNavigate()
  return (seq) => {
    const held = threadId === null ? undefined : engine.store.getState().timelines[threadId]
    if (threadId === null || held?.messages.some((message) => message.seq === seq)) {
      store.setState({ back: from ?? null })
      void list.current?.scrollToSeq(seq)
      return
    }
    const search = { panel: `thread:${threadId}`, at: String(seq) }
    void navigate({ to: '/rooms/$roomId', params: { roomId }, search })
  }
}

/** The same for a message of mine that is still on its way. */
export function PendingQuote({ roomId, messageId }: { roomId: string; messageId: string }) {
  const { threadId } = usePane()
  const quoted = useSync((state) => findHeld(state, roomId, threadId, messageId))
  if (!quoted) return null
  const text = bodyLine(quoted.body, quoted.files)
  return <QuoteLine quote={{ id: quoted.id, seq: quoted.seq, author_id: quoted.author_id, text }} />
}

/** A message of the room or of the thread in front, where it is held. */
export const findHeld = (
  state: Pick<State, 'timelines' | 'threads'>,
  roomId: string,
  threadId: string | null,
  messageId: string,
) => {
  const inTalk = (talk: string) =>
    state.timelines[talk]?.messages.find((message) => message.id === messageId)
  const inThread = threadId === null ? undefined : inTalk(threadId)
  if (inThread) return inThread
  const root = threadId === messageId ? state.threads[threadId]?.root : undefined
  return root ?? inTalk(roomId)
}

/** Markdown's marks say nothing in a line this short. */
export const oneLine = (text: string) =>
  text
    .replace(/```[\s\S]*?(```|$)/g, ' … ')
    .replace(/[*_~`>#]+/g, '')
    .replace(/\s+/g, ' ')
    .trim()
