import { useEffect } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { useShortcut } from '@/lib/shortcuts'
import { registerSwitcherSource } from '@/lib/switcher'
import { toast } from '@/ui/toasts'

async function readAll(): Promise<void> {
  const { markAllRead } = await import('./preferences-api')
  if ((await markAllRead()) !== null) toast(m.life_all_read())
}

/** "Mark all rooms read", in the palette and by Shift+Esc. */
export function useReadAll(): void {
  useShortcut({
    id: 'rooms.read-all',
    keys: ['Shift+Escape'],
    scope: 'global',
    label: m.life_mark_all_read,
    run: () => void readAll(),
  })
  useEffect(
    () =>
      registerSwitcherSource('rooms.read', () => [
        {
          id: 'rooms.read-all',
          label: m.life_mark_all_read(),
          group: m.app_commands(),
          run: () => void readAll(),
        },
      ]),
    [],
  )
}
