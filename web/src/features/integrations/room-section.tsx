import { useQuery } from '@tanstack/react-query'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { useSync } from '@/sync/react'
import { Button } from '@/ui/Button'
import { Skeleton } from '@/ui/Skeleton'
import { LOOKS_AGAIN, webhooks, webhooksKey } from './api'
import { IncomingList } from './incoming-list'
import { OutgoingList } from './outgoing-list'
import { useTurnedOff } from './use-turned-off'

/** In a room's settings, for those who keep order there: which programs speak and listen. */
export function IntegrationsSection({ roomId }: { roomId: string }) {
  const room = useSync((state) => state.rooms[roomId])
  if (!room || room.room.kind === 'direct') return null
  if (room.me.role !== 'owner' && room.me.role !== 'moderator') return null
  return (
    <section aria-label={m.hooks_title()} className="flex flex-col gap-5 border-t border-line pt-5">
      <div>
        <h3 className="font-serif text-lead font-bold">{m.hooks_title()}</h3>
        <p className="text-small text-muted">{m.hooks_lead()}</p>
      </div>
      <Webhooks roomId={roomId} archived={room.room.archived_at !== null} />
    </section>
  )
}

function Webhooks({ roomId, archived }: { roomId: string; archived: boolean }) {
  const { data, error, isPending, refetch } = useQuery({
    queryKey: webhooksKey(roomId),
    queryFn: () => webhooks(roomId),
    staleTime: 0,
    refetchInterval: LOOKS_AGAIN,
  })
  useTurnedOff(roomId)
  if (isPending) return <Skeleton className="h-24 w-full" />
  if (error) {
    return (
      <div role="alert" className="flex flex-col items-start gap-2 text-small">
        <p>
          {m.hooks_failed()}. {errorText(error)}
        </p>
        <Button size="small" onClick={() => void refetch()}>
          {m.ui_try_again()}
        </Button>
      </div>
    )
  }
  return (
    <>
      <IncomingList roomId={roomId} hooks={data.incoming} canMake={!archived} />
      <OutgoingList place={roomId} hooks={data.outgoing} canMake={!archived} />
    </>
  )
}
