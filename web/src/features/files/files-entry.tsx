import { useNavigate } from '@tanstack/react-router'
import { FilesIcon } from 'lucide-react'
import { m } from '@/i18n/paraglide/messages.js'
import type { RoomAction } from '@/lib/room-parts'
import { useShortcut } from '@/lib/shortcuts'
import { IconButton } from '@/ui/IconButton'
import type { RoomSnapshot } from '@/wire/sync'

/** In the room's header: opens the panel of files, and closes it. */
export function FilesButton({ roomId, panel }: { roomId: string; panel: string | undefined }) {
  const navigate = useNavigate()
  const isOpen = panel?.split(':')[0] === 'files'
  const toggle = () =>
    void navigate({
      to: '/rooms/$roomId',
      params: { roomId },
      search: isOpen ? {} : { panel: 'files' },
    })
  useShortcut({
    id: 'files.panel',
    keys: ['Mod+Alt+F'],
    scope: 'room',
    label: m.files_title,
    run: toggle,
  })
  return (
    <IconButton
      label={m.files_title()}
      keys="Mod+Alt+F"
      icon={<FilesIcon aria-hidden="true" />}
      pressed={isOpen}
      onClick={toggle}
    />
  )
}

export const filesLine = (_room: RoomSnapshot, show: (panel: string) => void): RoomAction => ({
  id: 'files',
  label: m.files_title(),
  icon: <FilesIcon aria-hidden="true" />,
  run: () => show('files'),
})
