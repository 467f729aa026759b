import { useMemo } from 'react'
import { roomTitle } from '@/sync/naming'
import { useMyId, useSync } from '@/sync/react'
import type { RoomSnapshot } from '@/wire/sync'
import type { Names } from './suggestions'

/** People and rooms this client knows, as the language of questions names them. */
export function useNames(): Names {
  const rooms = useSync((state) => state.rooms)
  const people = useSync((state) => state.people)
  const myId = useMyId()
  return useMemo(() => {
    const known = new Map(Object.values(people).map((one) => [one.id, one]))
    for (const room of Object.values(rooms)) {
      for (const { account } of room.members) known.set(account.id, account)
    }
    return {
      people: [...known.values()]
        .filter((one) => one.id !== myId)
        .map((one) => ({ username: one.username, name: one.display_name })),
      rooms: Object.values(rooms).map((room) => ({
        value: nameIn(room, myId),
        name: roomTitle(room, myId),
      })),
    }
  }, [rooms, people, myId])
}

/** A room of two goes by the other's name, one without a name by its id. */
function nameIn(room: RoomSnapshot, myId: string | null): string {
  const other = room.members.find((member) => member.account.id !== myId)
  if (room.room.kind === 'direct' && other) return `@${other.account.username}`
  return room.room.name ?? room.room.id
}
