import type { Cursor } from '@/wire/receipts'
import type { RoomSnapshot } from '@/wire/sync'
import type { Wire } from './ports'
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

export interface Receipts {
  /** The room in front. */
  look(roomId: string | null): void
  /** The socket came back by itself: what moved meanwhile is in no log (N3). */
  missed(): void
  /** `sync` told what moved, in all rooms. */
  told(): void
}

/** N3: asks how far others got in the room in front, once for each coming back without `sync`. */
export function createReceipts({
  read,
  write,
  wire,
}: {
  read(): Replica
  write(change: (replica: Replica) => Replica): void
  wire: Pick<Wire, 'command'>
}): Receipts {
  let front: string | null = null
  /** Rooms asked about since the last coming back; null while there is nothing to ask. */
  let asked: Set<string> | null = null

  async function ask(): Promise<void> {
    const room = front === null ? undefined : read().rooms[front]
    if (!asked || !room || room.room.kind === 'channel' || asked.has(room.id)) return
    const { id } = room
    asked.add(id)
    const answer = await wire.command('receipts.list', { room_id: id }).catch(() => null)
    if (answer?.ok) write((replica) => takeReceipts(replica, id, answer.data.cursors))
  }

  return {
    look: (roomId) => {
      front = roomId
      void ask()
    },
    missed: () => {
      asked = new Set()
      void ask()
    },
    told: () => {
      asked = null
    },
  }
}
