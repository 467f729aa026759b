import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { times, ttlText } from '@/i18n/ttl'
import { http } from '@/lib/http'
import { useSync } from '@/sync/react'
import { Select } from '@/ui/Select'
import { toast } from '@/ui/toasts'

/** In the room's settings: how long messages live. */
export function ExpirySetting({ roomId }: { roomId: string }) {
  const room = useSync((state) => state.rooms[roomId])
  if (!room || room.room.archived_at) return null
  const { role } = room.me
  const may =
    room.room.kind === 'channel' ? role === 'owner' || role === 'moderator' : role !== 'guest'
  const change = async (value: string) => {
    try {
      const message_ttl = value === '' ? null : Number(value)
      await http('PATCH', `rooms/${roomId}`, { body: { message_ttl } })
    } catch (refusal) {
      toast(errorText(refusal), { tone: 'danger' })
    }
  }
  return (
    <section aria-label={m.expiry_title()} className="border-t border-line pt-4">
      {may ? (
        <Select
          label={m.expiry_title()}
          hint={m.expiry_hint()}
          value={String(room.room.message_ttl ?? '')}
          onChange={(value) => void change(value)}
          options={[
            { value: '', label: ttlText(null) },
            ...times.map((time) => ({ value: String(time), label: ttlText(time) })),
          ]}
        />
      ) : (
        <p>
          {m.expiry_title()}: {ttlText(room.room.message_ttl)}
        </p>
      )}
    </section>
  )
}
