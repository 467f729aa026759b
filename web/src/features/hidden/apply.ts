import type { ApplyTable } from '@/sync/dispatch'
import { dropMessages } from '@/sync/gone'
import type { Replica } from '@/sync/state'

/** R9: deleted for me alone. What comes back is fetched (`sync/log.ts`). */
export const hiddenApply: ApplyTable = {
  'message.hidden': (replica, { data: { room_id, seq, hidden } }) => {
    const room = replica.rooms[room_id]
    if (!room) return replica
    if (!hidden) {
      const { [room_id]: _forgotten, ...timelines } = replica.timelines
      const left = room.me.hidden.filter((one) => one !== seq)
      return withHidden({ ...replica, timelines }, room_id, left)
    }
    const all = [...new Set([...room.me.hidden, seq])].sort((a, b) => a - b)
    return dropMessages(withHidden(replica, room_id, all), room_id, [seq])
  },
}

function withHidden(replica: Replica, roomId: string, hidden: number[]): Replica {
  const room = replica.rooms[roomId]
  if (!room) return replica
  const changed = { ...room, me: { ...room.me, hidden } }
  return { ...replica, rooms: { ...replica.rooms, [roomId]: changed } }
}
