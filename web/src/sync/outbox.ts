import type { Attached } from '@/lib/uploads'
import { type ErrorCode, errorStatus } from '@/wire/errors'
import type { Message, SendMessage } from '@/wire/messages'
import { doubling } from './backoff'
import { type Clock, Unheard, type Wire } from './ports'
import type { Intent, SendIntent } from './state'

const RETRY_BASE_MS = 1_000
const RETRY_CAP_MS = 30_000
/** Words older than this are asked about before they are sent. */
export const STALE_AFTER_MS = 24 * 3_600_000

export interface OutboxPorts {
  read(): readonly Intent[]
  write(change: (intents: readonly Intent[]) => readonly Intent[]): void
  wire: Pick<Wire, 'command' | 'online'>
  clock: Clock
  /** Only one tab sends. */
  leads(): boolean
  /** The server answered with the message as it stands. */
  answered(intent: Intent, message: Message): void
  /** The session is over: nothing goes out until somebody signs in again. */
  refused(): void
}

export interface Outbox {
  /** Looks for what can go out now. Call it when anything changed: a row, the socket, leadership. */
  pump(): void
  close(): void
}

/** Intents of one lane go one at a time and in order: a room's messages, or one message's changes. */
export const laneOf = (intent: Intent) =>
  intent.kind === 'send' ? `room ${intent.room_id}` : `message ${intent.message_id}`

type Verdict = { retry: number | null } | { hold: true } | { fail: ErrorCode }

/** What to do about a refusal. Only "try again later" leaves room for hope (C7, C8). */
export function judge(code: ErrorCode, retryAfterSeconds: number | null): Verdict {
  if (code === 'unauthenticated' || code === 'token_expired') return { hold: true }
  const status = errorStatus[code] ?? 500
  return status === 429 || status >= 500 ? { retry: retryAfterSeconds } : { fail: code }
}

/** What may already have been heard is not asked about: the answer would come too late. */
const isStale = (intent: Intent, now: number) =>
  intent.kind === 'send' &&
  intent.state === 'queued' &&
  intent.attempts === 0 &&
  now - intent.created_at > STALE_AFTER_MS

/** Files on their way hold their message, and those behind it: what I say stays in order. */
const isWhole = (intent: Intent) =>
  intent.kind !== 'send' || !intent.files?.some((file) => file.file_id === null)

/** Intents that may go out now, at most one per lane. */
export function due(intents: readonly Intent[], now: number): readonly Intent[] {
  const seen = new Set<string>()
  return intents.filter((intent) => {
    // A row that failed or waits for a yes does not stop those behind it.
    if (intent.state === 'failed' || intent.state === 'stale' || intent.state === 'sent')
      return false
    const lane = laneOf(intent)
    if (seen.has(lane)) return false
    seen.add(lane)
    return intent.state === 'queued' && intent.not_before <= now && isWhole(intent)
  })
}

/** Keeps what I said until the server has it: FIFO per room, one in flight, safe to repeat (C2). */
export function createOutbox(ports: OutboxPorts): Outbox {
  const { read, write, wire, clock } = ports
  let cancel: (() => void) | null = null
  let closed = false

  const change = (id: string, fields: Partial<Intent>) =>
    write((intents) =>
      intents.map((intent) => (intent.id === id ? ({ ...intent, ...fields } as Intent) : intent)),
    )

  function pump(): void {
    if (closed || !ports.leads() || !wire.online()) return
    askAboutStale()
    for (const intent of due(read(), clock.now())) void go(intent)
    wakeForNext()
  }

  function askAboutStale(): void {
    const stale = read().filter((intent) => isStale(intent, clock.now()))
    if (stale.length === 0) return
    write((intents) =>
      intents.map((intent) => (stale.includes(intent) ? { ...intent, state: 'stale' } : intent)),
    )
  }

  function wakeForNext(): void {
    cancel?.()
    cancel = null
    const waits = read()
      .filter((intent) => intent.state === 'queued' && intent.not_before > clock.now())
      .map((intent) => intent.not_before - clock.now())
    if (waits.length > 0) cancel = clock.after(Math.min(...waits), pump)
  }

  async function go(intent: Intent): Promise<void> {
    change(intent.id, { state: 'sending', attempts: intent.attempts + 1 })
    let verdict: Verdict = { retry: null }
    try {
      const answer = await emit(intent)
      if (closed) return
      if (answer.ok) return succeed(intent, answer.data)
      verdict = judge(answer.error.code, answer.error.retry_after ?? null)
    } catch (error) {
      if (!(error instanceof Unheard)) throw error
    }
    if (!closed) settle(intent, verdict)
  }

  function emit(intent: Intent) {
    const { room_id } = intent
    if (intent.kind === 'send') {
      const { id, text, reply_to } = intent
      // Written before there were threads: such words lie in browsers still.
      const { thread = null, also_in_room = false } = intent
      const said = { room_id, client_id: id, text, reply_to, thread, also_in_room }
      return wire.command('message.send', { ...said, ...brings(intent.files ?? []) })
    }
    const { message_id } = intent
    return intent.kind === 'edit'
      ? wire.command('message.edit', { room_id, message_id, text: intent.text })
      : wire.command('message.delete', { room_id, message_id })
  }

  function succeed(intent: Intent, message: Message): void {
    const now = read().find((other) => other.id === intent.id)
    // The row stays, as sent, until the event puts the message in its place: it must not blink.
    if (intent.kind === 'send') change(intent.id, { state: 'sent', error: null, seq: message.seq })
    else write((intents) => intents.filter((other) => other.id !== intent.id))
    if (now) ports.answered(now, message)
    pump()
  }

  function settle(intent: Intent, verdict: Verdict): void {
    if ('hold' in verdict) {
      change(intent.id, { state: 'held' })
      ports.refused()
    } else if ('fail' in verdict) {
      change(intent.id, { state: 'failed', error: verdict.fail })
    } else {
      const patience = doubling(intent.attempts, RETRY_BASE_MS, RETRY_CAP_MS, clock.random())
      const wait = Math.max(patience, (verdict.retry ?? 0) * 1_000)
      change(intent.id, { state: 'queued', not_before: clock.now() + wait })
    }
    pump()
  }

  return {
    pump,
    close: () => {
      closed = true
      cancel?.()
    },
  }
}

/** What a message brings along; nothing where it has no files. */
function brings(files: readonly Attached[]): Pick<SendMessage, 'files' | 'voice'> {
  const there = files.flatMap((file) =>
    file.file_id === null ? [] : [{ ...file, file_id: file.file_id }],
  )
  const [first] = there
  if (!first) return {}
  if (first.voice) return { voice: { file_id: first.file_id, ...first.voice } }
  return { files: there.map(({ file_id, alt }) => ({ file_id, alt })) }
}

/** Rows as they come back after a reload: what was in flight may or may not have been heard. */
export const revived = (intent: Intent): Intent =>
  intent.state === 'sending' || intent.state === 'sent'
    ? { ...intent, state: 'queued', not_before: 0 }
    : intent

export function newSend(
  id: string,
  roomId: string,
  text: string,
  replyTo: string | null,
  now: number,
  place: Pick<SendIntent, 'thread' | 'also_in_room'> = { thread: null, also_in_room: false },
  files: readonly Attached[] = [],
): SendIntent {
  return {
    kind: 'send',
    id,
    room_id: roomId,
    text,
    reply_to: replyTo,
    ...place,
    files,
    seq: null,
    created_at: now,
    not_before: 0,
    attempts: 0,
    state: 'queued',
    error: null,
  }
}
