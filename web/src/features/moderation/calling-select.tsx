import { useState } from 'react'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { http } from '@/lib/http'
import { Select } from '@/ui/Select'
import type { ChangeRoom, Room, RoomMentions } from '@/wire/rooms'

const hints: Record<RoomMentions, () => string> = {
  auto: m.admin_calling_auto_hint,
  members: m.admin_calling_members_hint,
  moderators: m.admin_calling_moderators_hint,
}

/** Who may call everybody at once. */
export function CallingSelect({ roomId, who }: { roomId: string; who: RoomMentions }) {
  const [error, setError] = useState<string>()
  const change = async (value: RoomMentions) => {
    setError(undefined)
    try {
      const body: ChangeRoom = { room_mentions: value }
      await http<Room>('PATCH', `rooms/${roomId}`, { body })
    } catch (refusal) {
      setError(errorText(refusal))
    }
  }
  return (
    <Select<RoomMentions>
      label={m.admin_calling()}
      hint={hints[who]()}
      error={error}
      value={who}
      options={[
        { value: 'auto', label: m.admin_calling_auto() },
        { value: 'members', label: m.admin_calling_members() },
        { value: 'moderators', label: m.admin_calling_moderators() },
      ]}
      onChange={(value) => void change(value)}
    />
  )
}
