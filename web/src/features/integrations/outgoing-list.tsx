import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { AlertDialog } from '@/ui/AlertDialog'
import { Button } from '@/ui/Button'
import type { NewOutgoing, OutgoingWebhook } from '@/wire/integrations'
import { newSecret, type Place, removeOutgoing, webhooksKey } from './api'
import { DeliveriesDialog } from './deliveries-dialog'
import { HookGroup } from './hook-group'
import { OutgoingDialog } from './outgoing-dialog'
import { type Asked, OutgoingRow } from './outgoing-row'
import { ShownOnce } from './shown-once'
import { hostOf } from './words'

interface OutgoingListProps {
  place: Place
  hooks: readonly OutgoingWebhook[]
  canMake: boolean
}

/** What is told elsewhere: how each webhook does, and all that can be done with it. */
export function OutgoingList({ place, hooks, canMake }: OutgoingListProps) {
  const queries = useQueryClient()
  const [making, setMaking] = useState(false)
  const [asked, setAsked] = useState<{ what: Asked; hook: OutgoingWebhook } | null>(null)
  const [made, setMade] = useState<NewOutgoing | null>(null)
  const reload = () => queries.invalidateQueries({ queryKey: webhooksKey(place) })
  const close = () => setAsked(null)
  const host = asked ? hostOf(asked.hook.url) : ''
  return (
    <HookGroup
      title={m.hooks_out()}
      hint={place === null ? m.hooks_server_lead() : m.hooks_out_hint()}
      none={m.hooks_out_none()}
      rows={hooks.map((hook) => (
        <OutgoingRow
          key={hook.id}
          place={place}
          hook={hook}
          ask={(what) => setAsked({ what, hook })}
        />
      ))}
    >
      {canMake && (
        <Button size="small" className="self-start" onClick={() => setMaking(true)}>
          {m.hooks_out_new()}
        </Button>
      )}
      {making && (
        <OutgoingDialog
          place={place}
          onClose={() => setMaking(false)}
          onMade={(hook) => {
            setMaking(false)
            setMade(hook)
            void reload()
          }}
        />
      )}
      {made && (
        <ShownOnce
          title={hostOf(made.webhook.url)}
          label={m.hooks_secret()}
          value={made.secret}
          hint={m.hooks_secret_once()}
          onClose={() => setMade(null)}
        />
      )}
      {asked?.what === 'log' && (
        <DeliveriesDialog place={place} hook={asked.hook} onClose={close} />
      )}
      {asked?.what === 'secret' && (
        <AlertDialog
          tone="primary"
          title={m.hooks_rotate_title({ host })}
          description={m.hooks_rotate_text()}
          action={m.hooks_rotate_do()}
          onClose={close}
          onConfirm={async () => setMade(await newSecret(place, asked.hook.id))}
        />
      )}
      {asked?.what === 'remove' && (
        <AlertDialog
          title={m.hooks_out_remove_title({ host })}
          description={m.hooks_out_remove_text()}
          action={m.hooks_remove()}
          onClose={close}
          onConfirm={async () => {
            await removeOutgoing(place, asked.hook.id)
            await reload()
          }}
        />
      )}
    </HookGroup>
  )
}
