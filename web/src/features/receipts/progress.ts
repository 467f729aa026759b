import type { RoomSnapshot } from '@/wire/sync'

export type Progress = 'sent' | 'delivered' | 'read'

/** Beyond this many members ticks would say little: the panel tells who. */
const TICKS_MEMBERS = 20

/**
 * How far everybody else got with a message of mine; null where no ticks are drawn. Who hides what
 * they have read counts as having got it.
 */
export function progressOf(room: RoomSnapshot, seq: number, myId: string): Progress | null {
  if (room.room.kind === 'channel' || room.member_count > TICKS_MEMBERS) return null
  const others = room.members.filter((member) => member.account.id !== myId)
  if (others.length === 0) return null
  const cursors = new Map(room.receipts.map((one) => [one.account_id, one]))
  const all = others.map((member) => cursors.get(member.account.id))
  if (!all.every((one) => one && one.delivered_seq >= seq)) return 'sent'
  return all.every((one) => one?.read_seq != null && one.read_seq >= seq) ? 'read' : 'delivered'
}
