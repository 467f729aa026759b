import { useEffect } from 'react'
import { useShallow } from 'zustand/react/shallow'
import { byNewest } from '@/lib/text'
import { browserClock } from '@/sync/ports'
import { useEngine, useSync } from '@/sync/react'

/** Direct rooms whose other side is asked about; the rest of the list shows news as it comes. */
const ASKED = 30

/** The room in front is asked about again this often: words about presence may be dropped. */
const AGAIN_MS = 60_000

/** Of a room with more members its panel asks, about those it shows. */
const LARGE = 1_000

/** Asks who is here: of the room in front, and of the direct rooms that spoke last. */
export function usePresence(roomId: string | null): void {
  const engine = useEngine()
  const online = useSync((state) => state.connection === 'online' && state.phase === 'live')
  const direct = useSync(
    useShallow((state) =>
      Object.values(state.rooms)
        .filter((room) => room.room.kind === 'direct')
        .sort((a, b) => byNewest(spokeAt(a), spokeAt(b)))
        .slice(0, ASKED)
        .map((room) => room.room.id)
        .sort(),
    ),
  )
  // Who joins brings a presence that nobody tells.
  const members = useSync((state) => {
    const count = (roomId && state.rooms[roomId]?.member_count) || 0
    return Math.min(count, LARGE + 1)
  })
  useEffect(() => {
    if (!online || !roomId || members === 0 || members > LARGE) return
    let cancel = () => {}
    const ask = () => {
      void engine.askPresence(roomId)
      cancel = browserClock.after(AGAIN_MS, ask)
    }
    ask()
    return () => cancel()
  }, [engine, online, roomId, members])
  useEffect(() => {
    if (!online) return
    for (const id of direct) void engine.askPresence(id)
  }, [engine, online, direct])
}

const spokeAt = (room: { last_message: { sent_at: string } | null }) =>
  room.last_message?.sent_at ?? ''
