import { m } from '@/i18n/paraglide/messages.js'
import { useSync } from '@/sync/react'
import { ExportSection } from './export-section'

/** In a room's settings, for those who may take all of it along (rooms/policy.py: EXPORT). */
export function RoomExport({ roomId }: { roomId: string }) {
  const room = useSync((state) => state.rooms[roomId])
  if (!room) return null
  const { role } = room.me
  const keeps = role === 'owner' || role === 'moderator'
  if (!keeps && !(room.room.kind === 'direct' && role === 'member')) return null
  return (
    <section className="flex flex-col gap-3 border-t border-line pt-5">
      <h3 className="font-semibold">{m.exporting_room()}</h3>
      <ExportSection roomId={roomId} />
    </section>
  )
}
