import { dayKey } from '@/lib/dates'
import type { Held } from '@/sync/beside'
import type { Intent, SendIntent } from '@/sync/state'

/** Messages of one author this close together share one head. */
const GROUP_MS = 5 * 60_000

interface RowBase {
  /** For life: a message keeps the key it had while it was on its way. */
  key: string
  /** The first of its day: a day's name stands above it. */
  startsDay: boolean
  /** The first one unread when the room was opened. */
  startsNew: boolean
  /** Follows its author's last one closely: no second head. */
  compact: boolean
  at: string
}

export interface MessageRow extends RowBase {
  kind: 'message'
  message: Held
  /** More of the same behind it, told in one line: who else joined or left. */
  also: readonly Held[]
}

export interface PendingRow extends RowBase {
  kind: 'pending'
  intent: SendIntent
}

export type Row = MessageRow | PendingRow

/** Another person could reuse a `client_id`; with its author it is unique. */
export const rowKey = (authorId: string, clientId: string) => `${authorId} ${clientId}`

interface Parts {
  messages: readonly Held[]
  /** My messages on their way to this room, oldest first. */
  pending: readonly SendIntent[]
  myId: string
  /** What had been read when the room was opened; null for no divider. */
  readSeq: number | null
  /** Rows of earlier lists: one that looks the same stays the same object, and is not drawn again. */
  known?: WeakMap<Held, MessageRow>
}

/** The list, top to bottom. Dividers belong to the row below them, so that a row never moves away from its key. */
export function buildRows({ messages, pending, myId, readSeq, known }: Parts): Row[] {
  const rows: Row[] = []
  let before: Place | null = null
  let dividerDue = readSeq !== null
  for (const [message, also] of folded(messages)) {
    const startsNew: boolean = dividerDue && isNews(message, readSeq ?? 0, myId)
    if (startsNew) dividerDue = false
    const here = {
      speaker: speakerOf(message),
      at: message.sent_at,
      groups: message.body.kind !== 'system',
    }
    const placed = place(before, here, startsNew)
    const row: MessageRow = {
      kind: 'message',
      key: rowKey(message.author_id, message.client_id),
      message,
      also,
      startsNew,
      ...placed,
      compact: placed.compact && message.reply_to === null,
    }
    rows.push(remembered(known, row))
    before = here
  }
  const said = new Set(rows.map((row) => row.key))
  for (const intent of pending) {
    const key = rowKey(myId, intent.id)
    if (said.has(key)) continue
    const here = { speaker: myId, at: new Date(intent.created_at).toISOString(), groups: true }
    const placed = place(before, here, false)
    rows.push({
      kind: 'pending',
      key,
      intent,
      startsNew: false,
      ...placed,
      compact: placed.compact && intent.reply_to === null,
    })
    before = here
  }
  return rows
}

/** Comings and goings in a row, by themselves, on one day: one line says them all. */
function folded(messages: readonly Held[]): [Held, Held[]][] {
  const found: [Held, Held[]][] = []
  for (const message of messages) {
    const [before, also] = found.at(-1) ?? []
    if (before && also && isSameNote(before, message)) also.push(message)
    else found.push([message, []])
  }
  return found
}

function isSameNote(one: Held, other: Held): boolean {
  const { body } = one
  if (body.kind !== 'system' || other.body.kind !== 'system') return false
  const { event } = body
  return (
    (event === 'member.joined' || event === 'member.left') &&
    event === other.body.event &&
    isOwn(one) &&
    isOwn(other) &&
    dayKey(one.sent_at) === dayKey(other.sent_at)
  )
}

const isOwn = ({ author_id, body }: Held) =>
  body.kind === 'system' && (body.account_id === null || body.account_id === author_id)

function remembered(known: Parts['known'], row: MessageRow): MessageRow {
  const was = known?.get(row.message)
  const same =
    was?.compact === row.compact &&
    was.startsDay === row.startsDay &&
    was.also.length === row.also.length &&
    was.startsNew === row.startsNew
  if (same) return was
  known?.set(row.message, row)
  return row
}

const isNews = (message: Held, readSeq: number, myId: string) =>
  message.seq > readSeq && message.author_id !== myId && message.body.kind !== 'system'

/** A program may speak for several: each has a head of its own. */
function speakerOf({ author_id, body }: Held): string {
  const shown = body.kind === 'text' ? body.shown_as : undefined
  return shown ? `${author_id} ${shown.icon} ${shown.name}` : author_id
}

/** Who speaks, and when. */
interface Place {
  speaker: string
  at: string
  groups: boolean
}

function place(before: Place | null, here: Place, startsNew: boolean) {
  const startsDay = before === null || dayKey(before.at) !== dayKey(here.at)
  const compact =
    !startsDay &&
    !startsNew &&
    before?.groups === here.groups &&
    (here.groups ? before.speaker === here.speaker : true) &&
    Date.parse(here.at) - Date.parse(before.at) <= GROUP_MS
  return { startsDay, compact, at: here.at }
}

/** My messages on their way to a room's talk, or to one of its threads. */
export const pendingIn = (
  outbox: readonly Intent[],
  roomId: string,
  threadId: string | null = null,
): SendIntent[] =>
  outbox.filter(
    (intent): intent is SendIntent =>
      intent.kind === 'send' && intent.room_id === roomId && (intent.thread ?? null) === threadId,
  )

export const seqOfRow = (row: Row | undefined): number | null =>
  row?.kind === 'message' ? (row.also.at(-1) ?? row.message).seq : null
