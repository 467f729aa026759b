import type { State } from '@/sync/state'
import type { RoomSnapshot } from '@/wire/sync'
import { type Attention, attention } from './attention'

/** Beyond it we know only "many": the server names the newest hundred. */
const MANY = 99

export interface Unread {
  messages: number
  mentions: number
}

/** What I have not seen of a room, on any device or on this one. */
export function unreadOf(room: RoomSnapshot, readHere: State['readHere']): Unread {
  const read = Math.max(room.me.read_seq, readHere[room.room.id] ?? 0)
  const above = (seqs: readonly number[]) => seqs.filter((seq) => seq > read).length
  return { messages: above(room.me.unread), mentions: above(room.me.mentions) }
}

/** What of it asks for my attention, as I want to be asked (R8). */
export function attentionOf(
  room: RoomSnapshot,
  { readHere, own }: Pick<State, 'readHere' | 'own'>,
): Attention {
  const level = own.arrangement.default_level
  const { kind } = room.room
  return attention(room.me.preferences, kind, level, Date.now(), unreadOf(room, readHere))
}

export const countText = (count: number) => (count > MANY ? `${MANY}+` : String(count))
