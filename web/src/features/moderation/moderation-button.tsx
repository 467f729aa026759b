import { useNavigate } from '@tanstack/react-router'
import { ShieldIcon } from 'lucide-react'
import { m } from '@/i18n/paraglide/messages.js'
import type { RoomAction } from '@/lib/room-parts'
import { useSync } from '@/sync/react'
import { IconButton } from '@/ui/IconButton'
import type { RoomSnapshot } from '@/wire/sync'

const keepsOrder = (room: RoomSnapshot | undefined) =>
  room !== undefined && room.room.kind !== 'direct' && /owner|moderator/.test(room.me.role)

/** For those who keep order: the way to reports and the trail. */
export function ModerationButton({ roomId, panel }: { roomId: string; panel: string | undefined }) {
  const navigate = useNavigate()
  const moderates = useSync((state) => keepsOrder(state.rooms[roomId]))
  if (!moderates) return null
  const open = panel === 'moderation'
  return (
    <IconButton
      label={m.life_moderation()}
      pressed={open}
      icon={<ShieldIcon aria-hidden="true" />}
      onClick={() =>
        void navigate({
          to: '/rooms/$roomId',
          params: { roomId },
          search: open ? {} : { panel: 'moderation' },
        })
      }
    />
  )
}

export const moderationLine = (
  room: RoomSnapshot,
  show: (panel: string) => void,
): RoomAction | null =>
  keepsOrder(room)
    ? {
        id: 'moderation',
        label: m.life_moderation(),
        icon: <ShieldIcon aria-hidden="true" />,
        run: () => show('moderation'),
      }
    : null
