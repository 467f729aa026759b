import { useNavigate } from '@tanstack/react-router'
import { PinIcon } from 'lucide-react'
import { m } from '@/i18n/paraglide/messages.js'
import type { RoomAction } from '@/lib/room-parts'
import { IconButton } from '@/ui/IconButton'
import type { RoomSnapshot } from '@/wire/sync'

/** In the room's header: opens the panel of pins, and closes it. */
export function PinsButton({ roomId, panel }: { roomId: string; panel: string | undefined }) {
  const navigate = useNavigate()
  return (
    <IconButton
      label={m.pins_title()}
      icon={<PinIcon aria-hidden="true" />}
      pressed={panel === 'pins'}
      onClick={() =>
        void navigate({
          to: '/rooms/$roomId',
          params: { roomId },
          search: panel === 'pins' ? {} : { panel: 'pins' },
        })
      }
    />
  )
}

export const pinsLine = (_room: RoomSnapshot, show: (panel: string) => void): RoomAction => ({
  id: 'pins',
  label: m.pins_title(),
  icon: <PinIcon aria-hidden="true" />,
  run: () => show('pins'),
})
