import { useQuery, useQueryClient } from '@tanstack/react-query'
import { m } from '@/i18n/paraglide/messages.js'
import { useSync } from '@/sync/react'
import { Avatar } from '@/ui/Avatar'
import { Button } from '@/ui/Button'
import type { Banned } from '@/wire/members'
import * as api from './api'
import { useTask } from './use-task'

/** Those kept out, for people who may let them back in. Silent while there are none. */
export function BanSection({ roomId }: { roomId: string }) {
  // A ban shows as somebody leaving; the list itself is not in the log.
  const count = useSync((state) => state.rooms[roomId]?.member_count ?? 0)
  const { data } = useQuery({
    queryKey: ['bans', roomId, count],
    queryFn: () => api.bans(roomId),
    staleTime: 0,
  })
  if (!data || data.bans.length === 0) return null
  return (
    <section className="mt-4 border-t border-line pt-3">
      <h3 className="px-5 text-small font-semibold text-faint">{m.rooms_banned()}</h3>
      <ul>
        {data.bans.map((banned) => (
          <BannedRow key={banned.account.id} roomId={roomId} banned={banned} />
        ))}
      </ul>
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
      <Avatar size="small" name={account.display_name} hue={account.hue} />
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
