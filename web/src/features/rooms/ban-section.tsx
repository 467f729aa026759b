import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { useSync } from '@/sync/react'
import { Avatar } from '@/ui/Avatar'
import { Button } from '@/ui/Button'
import { EmptyState } from '@/ui/EmptyState'
import { ErrorState } from '@/ui/ErrorState'
import { More } from '@/ui/More'
import { Skeleton } from '@/ui/Skeleton'
import { useTask } from '@/ui/use-task'
import type { Banned } from '@/wire/members'
import * as api from './api'

/** Those kept out, for people who may let them back in; the newest first, page by page. */
export function BanSection({ roomId, alone }: { roomId: string; alone?: boolean }) {
  // A ban shows as somebody leaving; the list itself is not in the log.
  const count = useSync((state) => state.rooms[roomId]?.member_count ?? 0)
  const pages = useInfiniteQuery({
    queryKey: ['bans', roomId, count],
    queryFn: ({ pageParam }) => api.bans(roomId, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    staleTime: 0,
  })
  const bans = pages.data?.pages.flatMap((page) => page.bans) ?? []
  if (alone && pages.isPending) return <Skeleton className="mx-5 my-4 h-5 w-2/3" />
  if (alone && pages.isError)
    return (
      <ErrorState
        title={m.life_bans_failed()}
        text={errorText(pages.error)}
        retry={() => void pages.refetch()}
      />
    )
  if (bans.length === 0) return alone ? <EmptyState title={m.life_bans_none()} /> : null
  return (
    <section className={alone ? 'py-2' : 'mt-4 border-t border-line pt-3'}>
      {!alone && <h3 className="px-5 text-small font-semibold text-faint">{m.rooms_banned()}</h3>}
      <ul aria-label={m.rooms_banned()}>
        {bans.map((banned) => (
          <BannedRow key={banned.account.id} roomId={roomId} banned={banned} />
        ))}
      </ul>
      <More of={pages} className="mx-5 my-2" />
    </section>
  )
}

function BannedRow({ roomId, banned }: { roomId: string; banned: Banned }) {
  const { account, reason } = banned
  const queries = useQueryClient()
  const { busy, run } = useTask()
  const lift = () =>
    run(async () => {
      await api.liftBan(roomId, account.id)
      await queries.invalidateQueries({ queryKey: ['bans', roomId] })
    })
  return (
    <li className="flex items-center gap-3 px-5 py-1.5">
      <Avatar size="small" name={account.display_name} hue={account.hue} of={account} />
      <span className="min-w-0 grow">
        <span className="block truncate" dir="auto">
          {account.display_name}
        </span>
        {reason && (
          <span className="block truncate text-small text-muted" dir="auto">
            {reason}
          </span>
        )}
      </span>
      <Button
        size="small"
        busy={busy}
        aria-label={m.rooms_lift_ban_of({ name: account.display_name })}
        onClick={() => void lift()}
      >
        {m.rooms_lift_ban()}
      </Button>
    </li>
  )
}
