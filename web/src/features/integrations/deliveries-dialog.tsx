import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { errorText } from '@/i18n/errors'
import { formatDate, formatFull } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { Badge } from '@/ui/Badge'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { EmptyState } from '@/ui/EmptyState'
import { ErrorState } from '@/ui/ErrorState'
import { More } from '@/ui/More'
import { Skeleton } from '@/ui/Skeleton'
import { toast } from '@/ui/toasts'
import type { Delivery, OutgoingWebhook } from '@/wire/integrations'
import { deliveries, LOOKS_AGAIN, type Place, redeliver } from './api'
import { deliveryText, eventText, hostOf, stateLabels } from './words'

interface DeliveriesDialogProps {
  place: Place
  hook: OutgoingWebhook
  onClose: () => void
}

const tones = { delivered: 'live', waiting: 'quiet', failed: 'danger' } as const

/** What a webhook was told, or could not be. */
export function DeliveriesDialog({ place, hook, onClose }: DeliveriesDialogProps) {
  const log = useInfiniteQuery({
    queryKey: ['deliveries', hook.id],
    queryFn: ({ pageParam }) => deliveries(place, hook.id, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: 0,
    refetchInterval: LOOKS_AGAIN,
  })
  const rows = log.data?.pages.flatMap((page) => page.deliveries) ?? []
  return (
    <Dialog
      size="large"
      title={m.hooks_log_of({ host: hostOf(hook.url) })}
      description={m.hooks_log_hint()}
      onClose={onClose}
      footer={
        <Button busy={log.isRefetching} onClick={() => void log.refetch()}>
          {m.hooks_log_fresh()}
        </Button>
      }
    >
      {log.isPending && <Skeleton className="h-32 w-full" />}
      {log.error && (
        <ErrorState
          title={m.hooks_log_failed()}
          text={errorText(log.error)}
          retry={() => void log.refetch()}
        />
      )}
      {log.data && rows.length === 0 && (
        <EmptyState title={m.hooks_log_none()}>{m.hooks_log_none_hint()}</EmptyState>
      )}
      {rows.length > 0 && (
        <ul className="divide-y divide-line">
          {rows.map((delivery) => (
            <DeliveryRow
              key={delivery.id}
              delivery={delivery}
              // One that is off would not be told: it is turned on first.
              again={
                hook.disabled_at === null ? () => redeliver(place, hook.id, delivery.id) : null
              }
              changed={() => void log.refetch()}
            />
          ))}
        </ul>
      )}
      <More of={log} className="mt-4" />
    </Dialog>
  )
}

interface DeliveryRowProps {
  delivery: Delivery
  again: (() => Promise<void>) | null
  changed: () => void
}

function DeliveryRow({ delivery, again, changed }: DeliveryRowProps) {
  const event = eventText(delivery.type)
  const send = useMutation({
    mutationFn: async () => again?.(),
    onSuccess: () => toast(m.hooks_again_done()),
    onError: (error) => toast(errorText(error), { tone: 'danger' }),
    onSettled: changed,
  })
  const at = delivery.tried_at ?? delivery.created_at
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 py-3">
      <div className="min-w-0 grow basis-60">
        <p className="flex flex-wrap items-center gap-x-2">
          <span className="font-semibold">{event}</span>
          <Badge tone={tones[delivery.state]}>{stateLabels[delivery.state]()}</Badge>
        </p>
        <p className="text-small text-muted">
          <time dateTime={at} title={formatFull(at)}>
            {formatDate(at, { dateStyle: 'medium', timeStyle: 'medium' })}
          </time>
          {' · '}
          {deliveryText(delivery)}
        </p>
      </div>
      {again && delivery.state !== 'waiting' && (
        <Button
          size="small"
          busy={send.isPending}
          aria-label={m.hooks_again_of({ event })}
          onClick={() => send.mutate()}
        >
          {m.hooks_again()}
        </Button>
      )}
    </li>
  )
}
