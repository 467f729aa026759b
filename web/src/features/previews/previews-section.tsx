import { useState } from 'react'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { http } from '@/lib/http'
import { useSync } from '@/sync/react'
import { Checkbox } from '@/ui/Checkbox'
import type { Room } from '@/wire/rooms'

/** In a room's settings: may the server look at the links said here? */
export function PreviewsSection({ roomId }: { roomId: string }) {
  const room = useSync((state) => state.rooms[roomId])
  const [error, setError] = useState<string>()
  if (!room || room.room.archived_at !== null) return null
  const { role } = room.me
  const may =
    role === 'owner' || role === 'moderator' || (room.room.kind !== 'channel' && role === 'member')
  if (!may) return null
  const change = async (previews: boolean) => {
    setError(undefined)
    try {
      await http<Room>('PATCH', `rooms/${roomId}`, { body: { previews } })
    } catch (refusal) {
      setError(errorText(refusal))
    }
  }
  return (
    <section className="flex flex-col gap-2 border-t border-line pt-5">
      <Checkbox
        label={m.messages_previews_room()}
        hint={m.messages_previews_room_hint()}
        checked={room.room.previews}
        onChange={(event) => void change(event.target.checked)}
      />
      {error && <p className="text-small text-danger-ink">{error}</p>}
    </section>
  )
}
