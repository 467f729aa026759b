import { Outlet } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { whenIdle } from '@/lib/idle'
import { later } from '@/lib/later'
import { useSession } from '@/lib/session'
import { useShortcut } from '@/lib/shortcuts'
import { useSwitcher } from '@/lib/switcher'
import { fetchMenus } from '@/ui/Menu'
import { RoomsRoot } from '../room-slots'
import { useAppCommands } from './use-app-commands'

const fetchSwitcher = () => import('./switcher')
const Switcher = later(async () => (await fetchSwitcher()).Switcher)
const ShortcutHelp = later(async () => (await import('./shortcut-help')).ShortcutHelp)

/** Everything behind the door: sync lives from here on, and the global shortcuts are heard. */
export function SignedIn() {
  const [helpOpen, setHelpOpen] = useState(false)
  // Signing out takes everything down at once, before the router has moved on.
  const isIn = useSession((state) => state.account !== null)
  const switcherOpen = useSwitcher((state) => state.open)
  useAppCommands(() => setHelpOpen(true))
  useShortcut(
    {
      id: 'app.switcher',
      keys: ['Mod+K'],
      scope: 'global',
      label: m.app_shortcut_switcher,
      run: () => useSwitcher.setState((state) => ({ open: !state.open })),
    },
    {
      id: 'app.help',
      keys: ['Mod+/', '?'],
      scope: 'global',
      label: m.app_shortcut_help,
      run: () => setHelpOpen((open) => !open),
    },
  )
  // Whoever presses Ctrl+K goes on typing at once; a menu opens in the frame of its click.
  useEffect(
    () =>
      whenIdle(() => {
        void fetchSwitcher().catch(() => undefined)
        fetchMenus()
      }),
    [],
  )
  if (!isIn) return null
  return (
    <RoomsRoot>
      <Outlet />
      {switcherOpen && <Switcher onClose={() => useSwitcher.setState({ open: false })} />}
      {helpOpen && <ShortcutHelp onClose={() => setHelpOpen(false)} />}
    </RoomsRoot>
  )
}
