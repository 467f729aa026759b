import { useQuery } from '@tanstack/react-query'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { ErrorState } from '@/ui/ErrorState'
import { Skeleton } from '@/ui/Skeleton'
import { LOOKS_AGAIN, webhooks, webhooksKey } from './api'
import { OutgoingList } from './outgoing-list'
import { useTurnedOff } from './use-turned-off'

/** In the settings of those who run the server: what of all public rooms is told elsewhere. */
export function ServerWebhooks() {
  const { data, error, refetch } = useQuery({
    queryKey: webhooksKey(null),
    queryFn: () => webhooks(null),
    staleTime: 0,
    refetchInterval: LOOKS_AGAIN,
  })
  useTurnedOff(null)
  if (error) {
    return (
      <ErrorState title={m.hooks_failed()} text={errorText(error)} retry={() => void refetch()} />
    )
  }
  if (!data) return <Skeleton className="h-32 w-full" />
  return <OutgoingList place={null} hooks={data.outgoing} canMake />
}
