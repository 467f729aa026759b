import { useNavigate } from '@tanstack/react-router'
import { ContrastIcon, LogOutIcon, SettingsIcon, SmileIcon } from 'lucide-react'
import { useState } from 'react'
import { signOut } from '@/features/accounts/actions'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { later } from '@/lib/later'
import { useOwnPresence } from '@/lib/own-presence'
import { useMe } from '@/lib/session'
import { statusOf } from '@/lib/status'
import { Avatar } from '@/ui/Avatar'
import { IconButton } from '@/ui/IconButton'
import { Menu } from '@/ui/Menu'
import { toast } from '@/ui/toasts'
import { toggleTheme } from './use-app-commands'

const StatusDialog = later(
  async () => (await import('@/features/presence/status-dialog')).StatusDialog,
)

export function SideFoot() {
  const me = useMe()
  const navigate = useNavigate()
  const [status, setStatus] = useState(false)
  const quiet = useOwnPresence((state) => state.quiet)
  const openSettings = () => void navigate({ to: '/settings/{-$section}' })
  return (
    <div className="flex items-center gap-1 border-t border-line p-2 pb-[max(0.5rem,env(safe-area-inset-bottom))]">
      <Menu
        align="start"
        side="top"
        items={[
          {
            id: 'status',
            label: m.presence_status(),
            icon: <SmileIcon aria-hidden="true" />,
            run: () => setStatus(true),
          },
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
          <Avatar
            name={me.display_name}
            hue={me.hue}
            of={me}
            presence={quiet ? 'dnd' : 'online'}
            presenceLabel={quiet ? m.presence_dnd() : m.presence_online()}
          />
          <span className="min-w-0 grow leading-tight">
            <span className="block truncate font-semibold" dir="auto">
              {me.display_name}
            </span>
            <span className="block truncate text-caption text-muted" dir="auto">
              {statusOf(me, Date.now()) || `@${me.username}`}
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
      {status && <StatusDialog onClose={() => setStatus(false)} />}
    </div>
  )
}
