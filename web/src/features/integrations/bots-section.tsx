import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { AlertDialog } from '@/ui/AlertDialog'
import { Button } from '@/ui/Button'
import { EmptyState } from '@/ui/EmptyState'
import { ErrorState } from '@/ui/ErrorState'
import { Skeleton } from '@/ui/Skeleton'
import type { Bot, BotToken, NewToken } from '@/wire/integrations'
import { bots, botsKey, retireBot, revokeToken } from './api'
import { BotCard } from './bot-card'
import { BotDialog } from './bot-dialog'
import { ShownOnce } from './shown-once'
import { TokenDialog } from './token-dialog'
import { askingCommand } from './words'

type Asking =
  | { what: 'bot' }
  | { what: 'token' | 'retire'; bot: Bot }
  | { what: 'revoke'; bot: Bot; token: BotToken }

/** In the settings of those who run the server: its bots, and what opens it to them. */
export function BotsSection() {
  const queries = useQueryClient()
  const { data, error, refetch } = useQuery({ queryKey: botsKey, queryFn: bots, staleTime: 0 })
  const [asking, setAsking] = useState<Asking | null>(null)
  const [made, setMade] = useState<NewToken | null>(null)
  const reload = () => queries.invalidateQueries({ queryKey: botsKey })
  const close = () => setAsking(null)
  const finish = () => {
    close()
    void reload()
  }
  if (error) {
    return (
      <ErrorState title={m.bots_failed()} text={errorText(error)} retry={() => void refetch()} />
    )
  }
  if (!data) return <Skeleton className="h-32 w-full" />
  return (
    <div className="flex flex-col gap-6">
      <p className="text-muted">{m.bots_lead()}</p>
      {data.bots.length === 0 && (
        <EmptyState title={m.bots_none()} level={2}>
          {m.bots_none_hint()}
        </EmptyState>
      )}
      {data.bots.map((bot) => (
        <BotCard
          key={bot.id}
          bot={bot}
          retire={() => setAsking({ what: 'retire', bot })}
          makeToken={() => setAsking({ what: 'token', bot })}
          revoke={(token) => setAsking({ what: 'revoke', bot, token })}
        />
      ))}
      <Button className="self-start" onClick={() => setAsking({ what: 'bot' })}>
        {m.bots_new()}
      </Button>
      {asking?.what === 'bot' && <BotDialog onMade={finish} onClose={close} />}
      {asking?.what === 'token' && (
        <TokenDialog
          bot={asking.bot}
          onClose={close}
          onMade={(token) => {
            finish()
            setMade(token)
          }}
        />
      )}
      {made && (
        <ShownOnce
          title={made.token.name}
          label={m.bots_token()}
          value={made.secret}
          hint={m.bots_token_once()}
          command={askingCommand(location.origin, made.secret)}
          onClose={() => setMade(null)}
        />
      )}
      {asking?.what === 'retire' && (
        <AlertDialog
          title={m.bots_retire_title({ name: asking.bot.account.display_name })}
          description={m.bots_retire_text()}
          action={m.bots_retire_do()}
          onClose={close}
          onConfirm={async () => {
            await retireBot(asking.bot.id)
            await reload()
          }}
        />
      )}
      {asking?.what === 'revoke' && (
        <AlertDialog
          title={m.bots_revoke_title({ name: asking.token.name })}
          description={m.bots_revoke_text()}
          action={m.bots_revoke()}
          onClose={close}
          onConfirm={async () => {
            await revokeToken(asking.bot.id, asking.token.id)
            await reload()
          }}
        />
      )}
    </div>
  )
}
