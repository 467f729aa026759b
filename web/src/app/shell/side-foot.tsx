import { useNavigate } from '@tanstack/react-router'
import { ContrastIcon, LogOutIcon, SettingsIcon } from 'lucide-react'
import { signOut } from '@/features/accounts/actions'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { useMe } from '@/lib/session'
import { Avatar } from '@/ui/Avatar'
import { IconButton } from '@/ui/IconButton'
import { Menu } from '@/ui/Menu'
import { toast } from '@/ui/toasts'
import { toggleTheme } from './use-app-commands'

export function SideFoot() {
  const me = useMe()
  const navigate = useNavigate()
  const openSettings = () => void navigate({ to: '/settings/{-$section}' })
  return (
    <div className="flex items-center gap-1 border-t border-line p-2 pb-[max(0.5rem,env(safe-area-inset-bottom))]">
      <Menu
        align="start"
        side="top"
        items={[
          {
            id: 'settings',
            label: m.app_settings(),
            icon: <SettingsIcon aria-hidden="true" />,
            run: openSettings,
            keys: 'Mod+,',
          },
          {
            id: 'theme',
            label: m.app_theme_toggle(),
            icon: <ContrastIcon aria-hidden="true" />,
            run: toggleTheme,
          },
          null,
          {
            id: 'sign-out',
            label: m.accounts_sign_out(),
            icon: <LogOutIcon aria-hidden="true" />,
            run: () =>
              void signOut().catch((refusal) => toast(errorText(refusal), { tone: 'danger' })),
          },
        ]}
      >
        <button
          type="button"
          className="flex min-w-0 grow items-center gap-2.5 rounded-control p-1.5 text-start transition-colors hover:bg-hover aria-expanded:bg-hover"
        >
          <Avatar name={me.display_name} hue={me.hue} />
          <span className="min-w-0 grow leading-tight">
            <span className="block truncate font-semibold" dir="auto">
              {me.display_name}
            </span>
            <span className="block truncate text-caption text-muted" dir="auto">
              {me.status_text || `@${me.username}`}
            </span>
          </span>
        </button>
      </Menu>
      <IconButton
        label={m.app_settings()}
        keys="Mod+,"
        icon={<SettingsIcon aria-hidden="true" />}
        onClick={openSettings}
      />
    </div>
  )
}
