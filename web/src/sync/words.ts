import { uuid7 } from '@/lib/uuid7'
import { dropped, rewritten } from './drafts'
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
  send(roomId: string, text: string, replyTo: string | null, place?: Place): string
  edit(roomId: string, messageId: string, text: string): string
  /** Waits `UNDO_MS` before it goes out; `discard` with the id it gives undoes it. */
  remove(roomId: string, messageId: string): string
  /** Sends a failed or stale intent again, under the same id. */
  retry(id: string): void
  /** Changes words that are not on their way. */
  reword(id: string, text: string): void
  discard(id: string): void
  saveDraft(roomId: string, text: string, replyTo: string | null, thread?: string | null): void
  /** The page goes away: what the server does not know yet is said at once. */
  flushDrafts(): void
}

export function createWords({ read, write, clock, pump, told }: WordsPorts): Words {
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
    send: (roomId, text, replyTo, place = inRoom) => {
      // One write for both: a crash leaves either the draft or the message, never neither.
      const drafts = dropped(read().drafts, roomId, place.thread, clock.now())
      return put(newSend(uuid7(clock.now()), roomId, text, replyTo, clock.now(), place), drafts)
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
    flushDrafts: told,
  }
}
