import { useSearch as useAddress, useNavigate, useParams } from '@tanstack/react-router'
import { SearchIcon } from 'lucide-react'
import { m } from '@/i18n/paraglide/messages.js'
import type { RoomAction } from '@/lib/room-parts'
import { useShortcut } from '@/lib/shortcuts'
import { IconButton } from '@/ui/IconButton'
import { SideLink } from '@/ui/SideLink'
import type { RoomSnapshot } from '@/wire/sync'
import { lookIn } from './search-state'

/** In the room's header: look in this room. */
export function SearchButton({ roomId, panel }: { roomId: string; panel: string | undefined }) {
  const navigate = useNavigate()
  const open = panel === 'search'
  const show = () => {
    lookIn(roomId)
    if (!open) {
      void navigate({ to: '/rooms/$roomId', params: { roomId }, search: { panel: 'search' } })
    }
  }
  useShortcut({
    id: 'search.here',
    keys: ['Mod+F'],
    scope: 'room',
    label: m.search_shortcut_here,
    run: () => {
      // Once more asks the browser itself.
      if (document.activeElement?.closest('search')) return false
      show()
      return true
    },
  })
  return (
    <IconButton
      label={m.search_here()}
      keys="Mod+F"
      icon={<SearchIcon aria-hidden="true" />}
      pressed={open}
      onClick={() =>
        open ? void navigate({ to: '/rooms/$roomId', params: { roomId }, search: {} }) : show()
      }
    />
  )
}

export const searchLine = (room: RoomSnapshot, show: (panel: string) => void): RoomAction => ({
  id: 'search',
  label: m.search_here(),
  icon: <SearchIcon aria-hidden="true" />,
  run: () => {
    lookIn(room.room.id)
    show('search')
  },
})

/** At the top of the list: look everywhere. */
export function SearchLink() {
  const navigate = useNavigate()
  const { roomId } = useParams({ strict: false })
  const { panel } = useAddress({ strict: false })
  useShortcut({
    id: 'search.everywhere',
    keys: ['/'],
    scope: 'global',
    label: m.search_shortcut_everywhere,
    run: () => {
      lookIn(null)
      if (!roomId) void navigate({ to: '/rooms/view/$view', params: { view: 'search' } })
      else if (panel !== 'search') {
        void navigate({ to: '/rooms/$roomId', params: { roomId }, search: { panel: 'search' } })
      }
    },
  })
  return (
    <SideLink view="search" icon={<SearchIcon aria-hidden="true" />} label={m.search_title()} />
  )
}
