import { useMutation, useQueryClient } from '@tanstack/react-query'
import {
  CircleAlertIcon,
  CircleCheckIcon,
  CircleOffIcon,
  EllipsisIcon,
  KeyRoundIcon,
  type LucideIcon,
  Trash2Icon,
} from 'lucide-react'
import { errorText } from '@/i18n/errors'
import { formatList, formatRelative } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { cx } from '@/lib/class-names'
import { usePerson } from '@/sync/react'
import { Button } from '@/ui/Button'
import { IconButton } from '@/ui/IconButton'
import { Menu } from '@/ui/Menu'
import { toast } from '@/ui/toasts'
import type { OutgoingWebhook } from '@/wire/integrations'
import { enable, type Place, webhooksKey } from './api'
import { eventText, type HookState, hostOf, stateOf, stateText } from './words'

/** What to do with a webhook that needs a dialog. */
export type Asked = 'log' | 'secret' | 'remove'

interface OutgoingRowProps {
  place: Place
  hook: OutgoingWebhook
  ask: (what: Asked) => void
}

const icons: Record<HookState, LucideIcon> = {
  on: CircleCheckIcon,
  failing: CircleAlertIcon,
  off: CircleOffIcon,
}

export function OutgoingRow({ place, hook, ask }: OutgoingRowProps) {
  const queries = useQueryClient()
  const maker = usePerson(hook.created_by)
  const turnOn = useMutation({
    mutationFn: () => enable(place, hook.id),
    onSuccess: () => toast(m.hooks_enabled()),
    onError: (error) => toast(errorText(error), { tone: 'danger' }),
    onSettled: () => queries.invalidateQueries({ queryKey: webhooksKey(place) }),
  })
  const host = hostOf(hook.url)
  const state = stateOf(hook)
  const Icon = icons[state]
  const now = new Date()
  return (
    <li className="flex flex-col gap-1 py-2.5">
      <div className="flex items-center gap-2">
        <p className="min-w-0 grow truncate font-semibold" dir="ltr" title={hook.url}>
          {hook.url.replace(/^https?:\/\//, '')}
        </p>
        <Menu
          items={[
            {
              id: 'secret',
              label: m.hooks_rotate(),
              icon: <KeyRoundIcon />,
              run: () => ask('secret'),
            },
            {
              id: 'remove',
              label: m.hooks_remove_menu(),
              icon: <Trash2Icon />,
              danger: true,
              run: () => ask('remove'),
            },
          ]}
        >
          <IconButton
            size="small"
            label={m.hooks_more_of({ name: host })}
            icon={<EllipsisIcon aria-hidden="true" />}
          />
        </Menu>
      </div>
      <p
        className={cx(
          'flex items-start gap-1.5 text-small',
          state === 'on' ? 'text-live-ink' : 'text-danger-ink',
        )}
      >
        <Icon aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
        {stateText(hook, now)}
      </p>
      <p className="text-small text-muted">{formatList(hook.events.map(eventText), 'unit')}</p>
      <p className="text-small text-faint" dir="auto">
        {m.hooks_by({
          name: maker?.display_name ?? m.messages_somebody(),
          when: formatRelative(hook.created_at, now),
        })}
      </p>
      <div className="mt-1 flex flex-wrap gap-2">
        <Button size="small" onClick={() => ask('log')}>
          {m.hooks_log()}
        </Button>
        {state === 'off' && (
          <Button
            size="small"
            tone="primary"
            busy={turnOn.isPending}
            onClick={() => turnOn.mutate()}
          >
            {m.hooks_enable()}
          </Button>
        )}
      </div>
    </li>
  )
}
