import type { State } from '@/sync/state'
import type { RoomSnapshot } from '@/wire/sync'

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

/** The number that calls for me: mentions, and everything said to me directly. */
export const calling = (room: RoomSnapshot, unread: Unread) =>
  room.room.kind === 'direct' ? unread.messages : unread.mentions

export const countText = (count: number) => (count > MANY ? `${MANY}+` : String(count))
