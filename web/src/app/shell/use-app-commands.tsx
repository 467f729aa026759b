import { useNavigate } from '@tanstack/react-router'
import { ContrastIcon, KeyboardIcon, SettingsIcon } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { usePreferences } from '@/lib/preferences'
import { useShortcut } from '@/lib/shortcuts'
import { registerSwitcherSource } from '@/lib/switcher'
import { nextLandmark } from './landmarks'

/** The shell's own entries in Ctrl/Cmd+K and among the shortcuts. */
export function useAppCommands(showHelp: () => void): void {
  const navigate = useNavigate()
  const latestShowHelp = useRef(showHelp)
  latestShowHelp.current = showHelp
  const openSettings = () => void navigate({ to: '/settings/{-$section}' })
  useShortcut(
    {
      id: 'app.settings',
      keys: ['Mod+,'],
      scope: 'global',
      label: m.app_shortcut_settings,
      run: openSettings,
    },
    {
      id: 'app.landmarks',
      keys: ['Mod+F6'],
      scope: 'global',
      label: m.app_shortcut_landmarks,
      run: () => nextLandmark(1),
    },
    {
      id: 'app.landmarks-back',
      keys: ['Mod+Shift+F6'],
      scope: 'global',
      label: m.app_shortcut_landmarks_back,
      run: () => nextLandmark(-1),
    },
  )
  useEffect(
    () =>
      registerSwitcherSource('app', () => [
        {
          id: 'app.settings',
          label: m.app_settings(),
          group: m.app_commands(),
          icon: <SettingsIcon aria-hidden="true" />,
          run: () => void navigate({ to: '/settings/{-$section}' }),
        },
        {
          id: 'app.theme',
          label: m.app_theme_toggle(),
          group: m.app_commands(),
          icon: <ContrastIcon aria-hidden="true" />,
          run: toggleTheme,
        },
        {
          id: 'app.help',
          label: m.app_shortcuts(),
          group: m.app_commands(),
          icon: <KeyboardIcon aria-hidden="true" />,
          run: () => latestShowHelp.current(),
        },
      ]),
    [navigate],
  )
}

export function toggleTheme(): void {
  const { theme } = usePreferences.getState()
  const dark =
    theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
  usePreferences.setState({ theme: dark ? 'light' : 'dark' })
}
