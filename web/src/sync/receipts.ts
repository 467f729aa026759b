import type { Cursor } from '@/wire/receipts'
import type { RoomSnapshot } from '@/wire/sync'
import type { Replica } from './state'

/** N1: how far others got. Values are absolute, and move forward only; null is not shown to me. */
export function takeReceipts(
  replica: Replica,
  roomId: string,
  cursors: readonly Cursor[],
): Replica {
  const room = replica.rooms[roomId]
  if (!room) return replica
  const there = new Set(room.members.map((member) => member.account.id))
  const held = new Map(room.receipts.map((one) => [one.account_id, one]))
  let moved = false
  for (const one of cursors) {
    if (!there.has(one.account_id)) continue
    const next = further(held.get(one.account_id), one)
    if (next === held.get(one.account_id)) continue
    held.set(one.account_id, next)
    moved = true
  }
  if (!moved) return replica
  const receipts = [...held.values()]
  return { ...replica, rooms: { ...replica.rooms, [roomId]: { ...room, receipts } } }
}

function further(held: Cursor | undefined, told: Cursor): Cursor {
  if (!held) return told
  const delivered_seq = Math.max(held.delivered_seq, told.delivered_seq)
  const read_seq = told.read_seq === null ? null : Math.max(held.read_seq ?? 0, told.read_seq)
  return delivered_seq === held.delivered_seq && read_seq === held.read_seq
    ? held
    : { ...held, delivered_seq, read_seq }
}

/** Who leaves takes their cursor along. */
export const withoutReceipt = (room: RoomSnapshot, accountId: string): RoomSnapshot => ({
  ...room,
  receipts: room.receipts.filter((one) => one.account_id !== accountId),
})
