import type { BesideTable } from '@/sync/beside'
import type { ApplyTable } from '@/sync/dispatch'
import { roomOf } from '@/sync/reducer'
import type { Replica } from '@/sync/state'
import { countReply, markThread, readThreads } from '@/sync/threads'
import type { ReadPosition } from '@/wire/rooms'
import type { Own } from '@/wire/sync'

/** K2–K4, K11. */
export const threadsApply: ApplyTable = {
  'thread.changed': (replica, { stream, data }) =>
    changeMine(replica, roomOf(stream), (me) =>
      countReply(me, replica.account?.id, data, replica.own.circle),
    ),
  'threads.read': (replica, { data: { positions } }) => positions.reduce(readRoom, replica),
  'thread.marked': (replica, { data }) => {
    const marked = changeMine(replica, data.room_id, (me) => markThread(me, data))
    const held = marked.threads[data.root_id]
    if (!held) return marked
    const me = {
      following: data.following ?? held.me.following,
      read_seq: Math.max(held.me.read_seq, data.read_seq),
    }
    return { ...marked, threads: { ...marked.threads, [data.root_id]: { ...held, me } } }
  },
}

function readRoom(replica: Replica, { room_id, read_seq }: ReadPosition): Replica {
  const read = changeMine(replica, room_id, (me) => readThreads(me, read_seq))
  const threads = Object.entries(read.threads).map(([id, held]) =>
    held.room_id === room_id && held.me.following && held.me.read_seq < read_seq
      ? [id, { ...held, me: { ...held.me, read_seq } }]
      : [id, held],
  )
  return { ...read, threads: Object.fromEntries(threads) }
}

export const threadsBeside: BesideTable = {
  'thread.changed': {
    of: (data) => [data.root_id],
    change: (_, data) => ({ thread_summary: data.thread }),
  },
}

function changeMine(replica: Replica, roomId: string | null, by: (me: Own) => Own): Replica {
  const room = roomId === null ? undefined : replica.rooms[roomId]
  if (!room || roomId === null) return replica
  return { ...replica, rooms: { ...replica.rooms, [roomId]: { ...room, me: by(room.me) } } }
}
