import { useNavigate } from '@tanstack/react-router'
import { ShieldIcon } from 'lucide-react'
import { m } from '@/i18n/paraglide/messages.js'
import { useSync } from '@/sync/react'
import { IconButton } from '@/ui/IconButton'

/** For those who keep order: the way to reports and the trail. */
export function ModerationButton({ roomId, panel }: { roomId: string; panel: string | undefined }) {
  const navigate = useNavigate()
  const moderates = useSync((state) => {
    const room = state.rooms[roomId]
    return room?.room.kind !== 'direct' && /owner|moderator/.test(room?.me.role ?? '')
  })
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
