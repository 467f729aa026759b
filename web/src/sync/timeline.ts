import type { Message, Quote } from '@/wire/messages'
import type { Page } from '@/wire/timeline'
import { type Held, hold } from './beside'

/** Both ends included: every message with a `seq` in it is held. Other events take a `seq` too. */
export type Span = readonly [from: number, to: number]

/** What is held of a room's history: messages in `seq` order, and where there are no holes. */
export interface Timeline {
  readonly spans: readonly Span[]
  readonly messages: readonly Held[]
}

export const emptyTimeline: Timeline = { spans: [], messages: [] }

/** The quote of a message is cut to this many characters (R2). */
const QUOTE_LENGTH = 200

/** Where a page came from: the newest messages, or around an anchor. */
export type Anchor = { newest: true } | { before: number } | { after: number } | { around: number }

/** The stretch of the stream a page answers for. Null when it answers for nothing. */
export function spanOf(page: HeldPage | Page, anchor: Anchor): Span | null {
  const first = page.messages[0]?.seq
  const last = page.messages.at(-1)?.seq
  const to =
    'before' in anchor
      ? anchor.before - 1
      : page.found_newest
        ? Math.max(page.head, last ?? 0)
        : last
  const from = 'after' in anchor ? anchor.after + 1 : page.found_oldest ? 1 : first
  return from === undefined || to === undefined || from > to ? null : [from, to]
}

/** Adds a span, joining what touches: [1,3] and [4,6] become [1,6]. */
export function joinSpan(spans: readonly Span[], added: Span): readonly Span[] {
  let [from, to] = added
  const apart: Span[] = []
  for (const span of spans) {
    if (span[1] + 1 < from || span[0] > to + 1) apart.push(span)
    else {
      from = Math.min(from, span[0])
      to = Math.max(to, span[1])
    }
  }
  return [...apart, [from, to] as const].sort((a, b) => a[0] - b[0])
}

/** Index of the first message with `seq` at or above the given one. */
export function indexOf(messages: readonly Message[], seq: number): number {
  let low = 0
  let high = messages.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((messages[middle]?.seq ?? 0) < seq) low = middle + 1
    else high = middle
  }
  return low
}

/** Of two states of one message the later: a tombstone, else the last edited; else `incoming`. */
export function later<State extends Message>(held: State | undefined, incoming: State): State {
  if (!held || incoming.body.kind === 'deleted') return incoming
  if (held.body.kind === 'deleted') return held
  return editedAt(held) > editedAt(incoming) ? held : incoming
}

const editedAt = (message: Message) => (message.edited_at ? Date.parse(message.edited_at) : 0)

/** The later words, and the later of what stands beside them. */
function laterHeld(held: Held | undefined, incoming: Held): Held {
  const words = later(held, incoming)
  if (!held) return words
  const beside = held.as_of > incoming.as_of ? held : incoming
  return words === beside ? words : { ...beside, ...wordsOf(words) }
}

/** The words of a message alone. */
function wordsOf(message: Message): Message {
  const { body, edited_at, reply_to, mentions, mentions_room, here, forwarded, ...rest } = message
  const { id, room_id, seq, client_id, author_id, sent_at, thread, in_room, expires_at } = rest
  return {
    id,
    room_id,
    seq,
    client_id,
    author_id,
    sent_at,
    edited_at,
    body,
    reply_to,
    mentions,
    mentions_room,
    here,
    thread,
    in_room,
    forwarded,
    expires_at,
  }
}

/** The files a message brings along, and what was made of them. */
export type Brought = Partial<Pick<Held, 'files' | 'films'>>

/** Takes one live message, and what it brings along. */
export function addMessage(timeline: Timeline, message: Message, brought: Brought = {}): Timeline {
  const { messages } = timeline
  const at = indexOf(messages, message.seq)
  const held = messages[at]
  if (held?.seq === message.seq) {
    const revised = reviseHeld(held, message)
    // A page that was read since knows more of the files than what was said at first.
    const known = held.as_of > message.seq ? revised : bringing(revised, brought)
    return { ...timeline, messages: messages.with(at, known) }
  }
  const fresh = bringing(hold(message, message.seq), brought)
  const grown = at === messages.length ? [...messages, fresh] : messages.toSpliced(at, 0, fresh)
  return { ...timeline, messages: grown }
}

const bringing = (held: Held, { files = [], films = [] }: Brought): Held => ({
  ...held,
  ...(files.length > 0 && { files }),
  ...(films.length > 0 && { films }),
})

/** A held message with the words of a later state of it; what stands beside stays. */
export const reviseHeld = (held: Held, state: Message): Held =>
  later<Message>(held, state) === held ? held : { ...held, ...withQuoteOf(held, state) }

/**
 * An edit quotes what it quoted before. The quote that came with it may be the older one: the
 * answer to my own edit can be overtaken by an edit of what it quotes.
 */
const withQuoteOf = (held: Message, state: Message): Message =>
  state.body.kind === 'deleted' ? state : { ...state, reply_to: held.reply_to }

/** Says that nothing is missing at `seq`. */
export function coverSeq(timeline: Timeline, seq: number): Timeline {
  const last = timeline.spans.at(-1)
  if (last && last[0] <= seq && seq <= last[1]) return timeline
  return { ...timeline, spans: joinSpan(timeline.spans, [seq, seq]) }
}

/** A page whose messages say as of when they are told. */
export type HeldPage = Omit<Page, 'messages'> & { messages: readonly Held[] }

/** Takes a page of history. `revised` are newer states the page may have been read before. */
export function addPage(
  timeline: Timeline,
  page: HeldPage,
  anchor: Anchor,
  revised: readonly Message[],
): Timeline {
  const span = spanOf(page, anchor)
  if (!span) return timeline
  const newer = new Map(revised.map((message) => [message.id, message]))
  const bySeq = new Map(timeline.messages.map((message) => [message.seq, message]))
  for (const message of page.messages) {
    const revision = newer.get(message.id)
    const known = revision ? reviseHeld(message, revision) : message
    bySeq.set(message.seq, laterHeld(bySeq.get(message.seq), requote(known, newer)))
  }
  const messages = [...bySeq.values()].sort((a, b) => a.seq - b.seq)
  return { spans: joinSpan(timeline.spans, span), messages }
}

function requote(message: Held, newer: ReadonlyMap<string, Message>): Held {
  const quoted = message.reply_to && newer.get(message.reply_to.id)
  return quoted && message.reply_to
    ? { ...message, reply_to: quoteAgain(message.reply_to, quoted) }
    : message
}

/** What a quote of it reads (R2); null for what is never edited. */
function lineOf(body: Message['body']): string | null {
  if (body.kind === 'files') return body.text || `📎 ${body.files.length}`
  return body.kind === 'text' ? body.text : null
}

function quoteAgain(quote: Quote, quoted: Message): Quote {
  if (quoted.body.kind === 'deleted') return { ...quote, text: null }
  const line = lineOf(quoted.body)
  return line === null ? quote : { ...quote, text: [...line].slice(0, QUOTE_LENGTH).join('') }
}

/** Puts an edited or deleted message in place, and its new text into quotes of it (R2, R3). */
export function reviseMessage(timeline: Timeline, revised: Message): Timeline {
  let touched = false
  const messages = timeline.messages.map((message) => {
    if (message.id === revised.id) {
      touched = true
      return reviseHeld(message, revised)
    }
    if (message.reply_to?.id !== revised.id) return message
    touched = true
    return { ...message, reply_to: quoteAgain(message.reply_to, revised) }
  })
  return touched ? { ...timeline, messages } : timeline
}

/** The same for a single message held outside a timeline, such as a room's last. */
export function reviseOne(message: Message | null, revised: Message): Message | null {
  if (!message) return null
  if (message.id === revised.id)
    return later(message, revised) === message ? message : withQuoteOf(message, revised)
  if (message.reply_to?.id !== revised.id) return message
  return { ...message, reply_to: quoteAgain(message.reply_to, revised) }
}

/** The stretch that holds `seq`, or else the newest. */
export function spanAt(timeline: Timeline, seq: number | null): Span | null {
  if (seq !== null) {
    const found = timeline.spans.find(([from, to]) => from <= seq && seq <= to)
    if (found) return found
  }
  return timeline.spans.at(-1) ?? null
}

/** The messages of one stretch, in order. */
export function messagesIn(timeline: Timeline, [from, to]: Span): readonly Held[] {
  return timeline.messages.slice(
    indexOf(timeline.messages, from),
    indexOf(timeline.messages, to + 1),
  )
}
