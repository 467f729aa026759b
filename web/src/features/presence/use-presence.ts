import { useEffect } from 'react'
import { useShallow } from 'zustand/react/shallow'
import { useEngine, useSync } from '@/sync/react'

/** Direct rooms whose other side is asked about; the rest of the list shows news as it comes. */
const ASKED = 30

/** Asks who is here: of the room in front, and of the direct rooms that spoke last. */
export function usePresence(roomId: string | null): void {
  const engine = useEngine()
  const online = useSync((state) => state.connection === 'online' && state.phase === 'live')
  const direct = useSync(
    useShallow((state) =>
      Object.values(state.rooms)
        .filter((room) => room.room.kind === 'direct')
        .sort((a, b) => spokeAt(b).localeCompare(spokeAt(a)))
        .slice(0, ASKED)
        .map((room) => room.room.id)
        .sort(),
    ),
  )
  useEffect(() => {
    if (online && roomId) void engine.askPresence(roomId)
  }, [engine, online, roomId])
  useEffect(() => {
    if (!online) return
    for (const id of direct) void engine.askPresence(id)
  }, [engine, online, direct])
}

const spokeAt = (room: { last_message: { sent_at: string } | null }) =>
  room.last_message?.sent_at ?? ''
