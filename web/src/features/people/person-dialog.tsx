import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { errorText } from '@/i18n/errors'
import { formatDate, formatRelative } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { statusOf } from '@/lib/status'
import { useMyId, usePerson, useSync } from '@/sync/react'
import { Avatar } from '@/ui/Avatar'
import { BotMark } from '@/ui/BotMark'
import { ErrorState } from '@/ui/ErrorState'
import { Skeleton } from '@/ui/Skeleton'
import type { PersonCard } from '@/wire/presence'
import * as api from './api'
import { BlockQuestion } from './block-question'
import { CardFrame } from './card-frame'
import { PersonActions } from './person-actions'

export type Step = 'card' | 'block'

const states = {
  online: m.presence_online,
  away: m.presence_away,
  dnd: m.presence_dnd,
  offline: m.presence_offline,
}

/** Somebody, as far as I may know them, and what I may do about them. */
export function PersonDialog({
  accountId,
  anchor,
  onClose,
}: {
  accountId: string
  anchor: HTMLElement | null
  onClose: () => void
}) {
  const card = useQuery({ queryKey: ['card', accountId], queryFn: () => api.card(accountId) })
  const [step, setStep] = useState<Step>('card')
  const held = usePerson(accountId)
  const known = card.data?.account.display_name ?? held?.display_name
  useFresh(accountId)
  if (card.data && step === 'block')
    return <BlockQuestion account={card.data.account} onClose={() => setStep('card')} />
  return (
    <CardFrame title={known ?? m.people_card()} anchor={anchor} onClose={onClose}>
      {card.isPending && <Skeleton className="h-32" />}
      {card.isError && (
        <ErrorState
          title={m.people_card_failed()}
          text={errorText(card.error)}
          retry={() => void card.refetch()}
        />
      )}
      {card.data && (
        <div className="flex flex-col gap-5">
          <Who card={card.data} />
          <PersonActions card={card.data} step={setStep} onClose={onClose} />
        </div>
      )}
    </CardFrame>
  )
}

/** What stands between us may change while the card is open. */
function useFresh(accountId: string): void {
  const circle = useSync((state) => state.own.circle)
  const queries = useQueryClient()
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the change that matters
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: ['card', accountId] })
  }, [queries, accountId, circle])
}

function Who({ card }: { card: PersonCard }) {
  const { account } = card
  const isMe = useMyId() === account.id
  const live = useSync((state) => state.presence[account.id])
  const state = isMe ? 'online' : (live ?? card.state)
  const status = statusOf(account, Date.now())
  return (
    <div className="flex items-center gap-4">
      <Avatar
        size="large"
        name={account.display_name}
        hue={account.hue}
        of={account}
        presence={state}
        className="[--under:var(--paper-raised)]"
      />
      <div className="min-w-0 text-small">
        <p className="text-muted">
          @{account.username} · {states[state]()}
        </p>
        {account.is_bot && <BotMark />}
        {status && (
          <p className="mt-1 break-words" dir="auto">
            {status}
          </p>
        )}
        {card.blocked && <p className="mt-1 text-danger-ink">{m.people_you_blocked()}</p>}
        {card.time_zone && (
          <p className="mt-1 text-faint">
            {m.people_local_time({ time: timeIn(card.time_zone, new Date()) })}
          </p>
        )}
        {state === 'offline' && card.last_seen_at && (
          <p className="mt-1 text-faint">
            {m.people_last_seen({ when: formatRelative(card.last_seen_at, new Date()) })}
          </p>
        )}
      </div>
    </div>
  )
}

const timeIn = (timeZone: string, now: Date): string =>
  formatDate(now, { hour: 'numeric', minute: '2-digit', timeZone })
