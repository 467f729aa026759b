import type { BesideTable } from '@/sync/beside'
import type { ApplyTable } from '@/sync/dispatch'
import { dropMessages } from '@/sync/gone'
import type { Replica } from '@/sync/state'
import { forgetThreads } from '@/sync/threads'

/** Nothing beside it changes, but a page read before must be known for one (`lacks`). */
export const hiddenBeside: BesideTable = {
  'message.hidden': { of: ({ message_id }) => [message_id], change: () => ({}) },
}

/** R9: deleted for me alone. What comes back is fetched (`sync/log.ts`). */
export const hiddenApply: ApplyTable = {
  'message.hidden': (replica, { data: { room_id, seq, hidden } }) => {
    const room = replica.rooms[room_id]
    if (!room) return replica
    if (!hidden) {
      const apart = forgetThreads(replica, room_id)
      const { [room_id]: _forgotten, ...timelines } = apart.timelines
      const left = room.me.hidden.filter((one) => one !== seq)
      return withHidden({ ...apart, timelines }, room_id, left)
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
