import { HashIcon, LockIcon, UsersIcon } from 'lucide-react'
import { m } from '@/i18n/paraglide/messages.js'
import { othersIn } from '@/sync/naming'
import { useMyId, useSync } from '@/sync/react'
import { Avatar, type AvatarProps } from '@/ui/Avatar'
import type { RoomSnapshot } from '@/wire/sync'

const presenceLabels = {
  online: m.presence_online,
  away: m.presence_away,
  dnd: m.presence_dnd,
  offline: m.presence_offline,
}

/** Places have a sign, people a face. */
export function RoomIcon({
  room,
  size = 'small',
}: {
  room: RoomSnapshot
  size?: AvatarProps['size']
}) {
  const myId = useMyId()
  const [other] = othersIn(room, myId)
  const presence = useSync((state) => (other ? (state.presence[other.id] ?? 'offline') : 'offline'))
  if (room.room.kind === 'direct' && other) {
    return (
      <Avatar
        name={other.display_name}
        hue={other.hue}
        size={size}
        presence={presence}
        presenceLabel={presenceLabels[presence]()}
      />
    )
  }
  const Sign =
    room.room.kind === 'group' ? UsersIcon : room.room.visibility === 'public' ? HashIcon : LockIcon
  return (
    <span aria-hidden="true" className="grid size-7 shrink-0 place-items-center text-faint">
      <Sign className="size-4.5" />
    </span>
  )
}
