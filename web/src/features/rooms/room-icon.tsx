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

/** Where the room's picture is; another picture is another address. */
export const pictureOf = ({ room }: RoomSnapshot): string =>
  `/api/v1/rooms/${room.id}/avatar?v=${room.avatar}`

function Picture({ room }: { room: RoomSnapshot }) {
  return (
    <img
      src={pictureOf(room)}
      alt=""
      width={28}
      height={28}
      loading="lazy"
      decoding="async"
      className="size-7 shrink-0 rounded-[30%] bg-sunken object-cover"
    />
  )
}

/** Places have a picture or a sign, people a face. */
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
        of={other}
        size={size}
        presence={presence}
        presenceLabel={presenceLabels[presence]()}
      />
    )
  }
  if (room.room.avatar) return <Picture room={room} />
  const Sign =
    room.room.kind === 'group' ? UsersIcon : room.room.visibility === 'public' ? HashIcon : LockIcon
  return (
    <span aria-hidden="true" className="grid size-7 shrink-0 place-items-center text-faint">
      <Sign className="size-4.5" />
    </span>
  )
}
