import type { Attached } from '@/lib/uploads'
import { uuid7 } from '@/lib/uuid7'
import type { ErrorCode } from '@/wire/errors'
import { attached, dropped, rewritten } from './drafts'
import { newSend } from './outbox'
import type { Clock } from './ports'
import type { Intent, Local, SendIntent } from './state'

/** How long a deletion waits, so that it can be undone. */
export const UNDO_MS = 5_000

/** Where in a room something is said: in its talk, in a thread, or in both. */
export type Place = Pick<SendIntent, 'thread' | 'also_in_room'>

export const inRoom: Place = { thread: null, also_in_room: false }

export interface WordsPorts {
  read(): Pick<Local, 'outbox' | 'drafts'>
  write(change: Partial<Pick<Local, 'outbox' | 'drafts'>>): void
  clock: Clock
  /** Something may be ready to go out. */
  pump(): void
  /** What the server does not know of drafts is to be told now, not soon. */
  told(): void
}

/** Everything I say, change or take back: it is written down here first and sent by the outbox. */
export interface Words {
  /** Gives the `client_id`, the key of the row for life. The room's draft is gone with it. */
  send(
    roomId: string,
    text: string,
    replyTo: string | null,
    place?: Place,
    files?: readonly Attached[],
  ): string
  /** A recording, alone and without words: a draft beside it stays. */
  speak(roomId: string, replyTo: string | null, thread: string | null, voice: Attached): string
  edit(roomId: string, messageId: string, text: string): string
  /** Waits `UNDO_MS` before it goes out; `discard` with the id it gives undoes it. */
  remove(roomId: string, messageId: string): string
  /** Sends a failed or stale intent again, under the same id. */
  retry(id: string): void
  /** Changes words that are not on their way. */
  reword(id: string, text: string): void
  discard(id: string): void
  /** The files to be sent with the words of a draft, in their order. */
  attach(roomId: string, thread: string | null, files: readonly Attached[]): void
  /** What became known of a file, in whichever draft or message it is. */
  know(upload: string, fields: Partial<Attached>): void
  /** A message cannot go as it is: one of its files cannot. */
  stop(id: string, error: ErrorCode): void
  saveDraft(roomId: string, text: string, replyTo: string | null, thread?: string | null): void
  /** The page goes away: what the server does not know yet is said at once. */
  flushDrafts(): void
}

export function createWords(ports: WordsPorts): Words {
  const { read, write, clock, pump, told: tellServer } = ports
  const put = (intent: Intent, drafts = read().drafts) => {
    write({ outbox: [...read().outbox, intent], drafts })
    pump()
    return intent.id
  }
  const change = (id: string, fields: Partial<Intent>) => {
    write({
      outbox: read().outbox.map((intent) =>
        intent.id === id ? ({ ...intent, ...fields } as Intent) : intent,
      ),
    })
    pump()
  }
  const revision = (roomId: string, messageId: string, notBefore: number) => ({
    id: uuid7(clock.now()),
    room_id: roomId,
    message_id: messageId,
    created_at: clock.now(),
    not_before: notBefore,
    attempts: 0,
    state: 'queued' as const,
    error: null,
  })

  return {
    send: (roomId, text, replyTo, place = inRoom, files = []) => {
      // One write for both: a crash leaves either the draft or the message, never neither.
      const drafts = dropped(read().drafts, roomId, place.thread, clock.now())
      const id = uuid7(clock.now())
      return put(newSend(id, roomId, text, replyTo, clock.now(), place, files), drafts)
    },
    speak: (roomId, replyTo, thread, voice) => {
      const place = { thread, also_in_room: false }
      const id = uuid7(clock.now())
      return put(newSend(id, roomId, '', replyTo, clock.now(), place, [voice]))
    },
    edit: (roomId, messageId, text) =>
      put({ kind: 'edit', text, ...revision(roomId, messageId, 0) }),
    remove: (roomId, messageId) =>
      put({ kind: 'delete', ...revision(roomId, messageId, clock.now() + UNDO_MS) }),
    retry: (id) =>
      change(id, { state: 'queued', error: null, not_before: 0, created_at: clock.now() }),
    reword: (id, text) =>
      change(id, { text, state: 'queued', error: null, not_before: 0, created_at: clock.now() }),
    discard: (id) => {
      write({ outbox: read().outbox.filter((intent) => intent.id !== id) })
      pump()
    },
    attach: (roomId, thread, files) => {
      const { drafts } = read()
      write({ drafts: attached(drafts, roomId, thread, files, clock.now()) })
    },
    know: (upload, fields) => {
      const { outbox, drafts } = read()
      const next = {
        outbox: outbox.map((one) => (one.kind === 'send' ? told(one, upload, fields) : one)),
        drafts: Object.fromEntries(
          Object.entries(drafts).map(([id, draft]) => [id, told(draft, upload, fields)]),
        ),
      }
      const touched = next.outbox.some((one, at) => one !== outbox[at])
      if (touched) write({ outbox: next.outbox })
      if (Object.keys(drafts).some((id) => drafts[id] !== next.drafts[id]))
        write({ drafts: next.drafts })
      if (touched) pump()
    },
    stop: (id, error) => change(id, { state: 'failed', error }),
    saveDraft: (roomId, text, replyTo, thread = null) => {
      const { drafts } = read()
      const next = rewritten(drafts[thread ?? roomId], {
        room_id: roomId,
        thread,
        text: text.trim() === '' ? '' : text,
        reply_to: replyTo,
        saved_at: clock.now(),
      })
      if (next) write({ drafts: { ...drafts, [next.id]: next } })
    },
    flushDrafts: tellServer,
  }
}

/** The same object where the file is none of its own, or all that was known. */
function told<Holder extends { files?: readonly Attached[] }>(
  holder: Holder,
  upload: string,
  fields: Partial<Attached>,
): Holder {
  const held = holder.files?.find((file) => file.upload === upload)
  const entries = Object.entries(fields) as [keyof Attached, unknown][]
  if (!held || entries.every(([key, value]) => held[key] === value)) return holder
  const next = holder.files?.map((file) => (file === held ? { ...file, ...fields } : file))
  return { ...holder, files: next }
}
