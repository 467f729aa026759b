import { useQueryClient } from '@tanstack/react-query'
import { Trash2Icon } from 'lucide-react'
import { useState } from 'react'
import { formatFull, formatRelative } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { usePerson } from '@/sync/react'
import { AlertDialog } from '@/ui/AlertDialog'
import { BotMark } from '@/ui/BotMark'
import { Button } from '@/ui/Button'
import { IconButton } from '@/ui/IconButton'
import type { IncomingWebhook, NewIncoming } from '@/wire/integrations'
import { removeIncoming, webhooksKey } from './api'
import { HookGroup } from './hook-group'
import { IncomingDialog } from './incoming-dialog'
import { ShownOnce } from './shown-once'
import { sayingCommand } from './words'

interface IncomingListProps {
  roomId: string
  hooks: readonly IncomingWebhook[]
  canMake: boolean
}

/** Who speaks here by an address: who made it, when it spoke last, and its end. */
export function IncomingList({ roomId, hooks, canMake }: IncomingListProps) {
  const queries = useQueryClient()
  const [asking, setAsking] = useState<'new' | IncomingWebhook | null>(null)
  const [made, setMade] = useState<NewIncoming | null>(null)
  const reload = () => queries.invalidateQueries({ queryKey: webhooksKey(roomId) })
  const close = () => setAsking(null)
  return (
    <HookGroup
      title={m.hooks_in()}
      hint={m.hooks_in_hint()}
      none={m.hooks_in_none()}
      rows={hooks.map((hook) => (
        <IncomingRow key={hook.id} hook={hook} remove={() => setAsking(hook)} />
      ))}
    >
      {canMake && (
        <Button size="small" className="self-start" onClick={() => setAsking('new')}>
          {m.hooks_in_new()}
        </Button>
      )}
      {asking === 'new' && (
        <IncomingDialog
          roomId={roomId}
          onClose={close}
          onMade={(hook) => {
            close()
            setMade(hook)
            void reload()
          }}
        />
      )}
      {made && (
        <ShownOnce
          title={made.webhook.name}
          label={m.hooks_address()}
          value={made.url}
          hint={m.hooks_address_once()}
          command={sayingCommand(made.url, m.hooks_hello())}
          onClose={() => setMade(null)}
        />
      )}
      {asking !== null && asking !== 'new' && (
        <AlertDialog
          title={m.hooks_in_remove_title({ name: asking.name })}
          description={m.hooks_in_remove_text()}
          action={m.hooks_remove()}
          onClose={close}
          onConfirm={async () => {
            await removeIncoming(roomId, asking.id)
            await reload()
          }}
        />
      )}
    </HookGroup>
  )
}

function IncomingRow({ hook, remove }: { hook: IncomingWebhook; remove: () => void }) {
  const maker = usePerson(hook.created_by)
  const now = new Date()
  return (
    <li className="flex items-start gap-2 py-2.5">
      <div className="min-w-0 grow">
        <p className="flex items-center gap-2">
          <span className="truncate font-semibold" dir="auto">
            {hook.name}
          </span>
          <BotMark />
        </p>
        <p className="text-small text-muted" dir="auto" title={formatFull(hook.created_at)}>
          {m.hooks_by({
            name: maker?.display_name ?? m.messages_somebody(),
            when: formatRelative(hook.created_at, now),
          })}
          {' · '}
          {hook.last_used_at
            ? m.hooks_used({ when: formatRelative(hook.last_used_at, now) })
            : m.hooks_used_never()}
        </p>
      </div>
      <IconButton
        size="small"
        label={m.hooks_remove_of({ name: hook.name })}
        icon={<Trash2Icon aria-hidden="true" />}
        onClick={remove}
      />
    </li>
  )
}
