import { useState } from 'react'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { http } from '@/lib/http'
import { useSync } from '@/sync/react'
import { Checkbox } from '@/ui/Checkbox'
import { Select } from '@/ui/Select'
import type { ChangeRoom, Posting, Room } from '@/wire/rooms'
import { CallingSelect } from './calling-select'
import { slowText } from './slow-text'

const choices = [0, 5, 10, 30, 60, 300, 900, 3600, 21_600]

/** In a room's settings: who may speak, and how often. */
export function TalkingSection({ roomId }: { roomId: string }) {
  const room = useSync((state) => state.rooms[roomId])
  const [error, setError] = useState<string>()
  if (!room || room.room.kind === 'direct' || room.room.archived_at !== null) return null
  if (room.me.role !== 'owner' && room.me.role !== 'moderator') return null
  const { posting, thread_replies, slow_mode } = room.room
  const change = async (body: ChangeRoom) => {
    setError(undefined)
    try {
      await http<Room>('PATCH', `rooms/${roomId}`, { body })
    } catch (refusal) {
      setError(errorText(refusal))
    }
  }
  const slow = choices.includes(slow_mode) ? choices : [...choices, slow_mode]
  return (
    <section className="flex flex-col gap-4 border-t border-line pt-5">
      <Select<Posting>
        label={m.life_talking()}
        hint={posting === 'moderators' ? m.life_announcements_hint() : m.life_everyone_hint()}
        value={posting}
        options={[
          { value: 'everyone', label: m.life_everyone() },
          { value: 'moderators', label: m.life_announcements() },
        ]}
        onChange={(value) => void change({ posting: value })}
      />
      {posting === 'moderators' && (
        <Checkbox
          label={m.life_thread_replies()}
          checked={thread_replies}
          onChange={(event) => void change({ thread_replies: event.target.checked })}
        />
      )}
      <Select<string>
        label={m.life_slow()}
        error={error}
        value={String(slow_mode)}
        options={slow.map((seconds) => ({
          value: String(seconds),
          label: seconds === 0 ? m.life_slow_off() : slowText(seconds),
        }))}
        onChange={(value) => void change({ slow_mode: Number(value) })}
      />
      <CallingSelect roomId={roomId} who={room.room.room_mentions} />
    </section>
  )
}
