import { useInfiniteQuery } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { errorText } from '@/i18n/errors'
import { formatNumber } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { browserClock } from '@/sync/ports'
import { useEngine, useSync } from '@/sync/react'
import { ErrorState } from '@/ui/ErrorState'
import { Skeleton } from '@/ui/Skeleton'
import type { Member } from '@/wire/rooms'
import type { RoomSnapshot } from '@/wire/sync'
import * as api from './api'
import { roleLabels } from './invite-dialog'
import { MemberRow } from './member-row'
import { roles } from './policy'

type Entry = { key: string; head: string } | { key: string; member: Member }

/** Members of a big room, page by page as they are scrolled to; the server searches and counts. */
export function CrowdList({ room }: { room: RoomSnapshot }) {
  const [typed, setTyped] = useState('')
  const query = useDeferredValue(typed.trim())
  const roomId = room.room.id
  const pages = useInfiniteQuery({
    queryKey: ['crowd', roomId, query],
    queryFn: ({ pageParam }) => api.memberPage(roomId, query, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: 15_000,
    gcTime: 60_000,
  })
  const [shown, setShown] = useState<readonly string[]>([])
  const entries = useMemo(() => {
    const counts = pages.data?.pages[0]?.counts
    const members = pages.data?.pages.flatMap((page) => page.members) ?? []
    return roles.flatMap((role): Entry[] => {
      const these = members.filter((member) => member.role === role)
      if (these.length === 0) return []
      const count = formatNumber(counts?.[role] ?? these.length)
      return [
        { key: role, head: m.life_members_group({ role: roleLabels[role](), count }) },
        ...these.map((member) => ({ key: member.account.id, member })),
      ]
    })
  }, [pages.data])
  const here = useHere(roomId, shown)
  return (
    <>
      <div className="px-5 py-2">
        <input
          type="search"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          aria-label={m.life_members_search()}
          placeholder={m.life_members_search()}
          className="min-h-(--control-small) w-full rounded-control border border-line bg-paper px-3 text-small"
        />
        <p role="status" className="min-h-5 pt-1.5 text-small text-live-ink">
          {here !== null && m.life_members_here_now({ count: here, shown: formatNumber(here) })}
        </p>
      </div>
      {pages.error && (
        <ErrorState
          title={m.rooms_members_failed()}
          text={errorText(pages.error)}
          retry={() => void pages.refetch()}
        />
      )}
      {pages.isPending && <Skeleton className="mx-5 my-3 h-5 w-2/3" />}
      {pages.data && entries.length === 0 && (
        <p className="px-5 py-3 text-small text-muted">{m.life_members_none()}</p>
      )}
      <Crowd
        room={room}
        entries={entries}
        onShown={setShown}
        atEnd={() => {
          if (pages.hasNextPage && !pages.isFetchingNextPage) void pages.fetchNextPage()
        }}
      />
    </>
  )
}

const RESTS_MS = 200
const MOST_ASKED = 100

const idOf = (entry: Entry | undefined) =>
  entry && 'member' in entry ? entry.member.account.id : null

interface CrowdProps {
  room: RoomSnapshot
  entries: readonly Entry[]
  /** Whose rows are drawn, whenever scrolling rests. */
  onShown: (ids: readonly string[]) => void
  atEnd: () => void
}

const AGAIN_MS = 60_000

/** How many of the room are here, and (kept in the store) who of those that are shown. */
function useHere(roomId: string, shown: readonly string[]): number | null {
  const engine = useEngine()
  const online = useSync((state) => state.connection === 'online' && state.phase === 'live')
  const [here, setHere] = useState<number | null>(null)
  useEffect(() => {
    if (!online) return
    let cancel = () => {}
    let over = false
    const ask = () => {
      void engine.askPresence(roomId, shown).then((count) => {
        if (!over && count !== null) setHere(count)
      })
      cancel = browserClock.after(AGAIN_MS, ask)
    }
    ask()
    return () => {
      over = true
      cancel()
    }
  }, [engine, online, roomId, shown])
  return here
}

/** Only the rows in sight are drawn; near the last one the next page is asked for. */
function Crowd({ room, entries, onShown, atEnd }: CrowdProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 52,
    getItemKey: (index) => entries[index]?.key ?? index,
    overscan: 10,
  })
  const rows = virtual.getVirtualItems()
  const last = rows.at(-1)?.index ?? 0
  const ask = useRef(atEnd)
  ask.current = atEnd
  useEffect(() => {
    if (last >= entries.length - 20) ask.current()
  }, [last, entries.length])
  const ids = rows.map((row) => idOf(entries[row.index])).filter((id) => id !== null)
  const drawn = ids.slice(0, MOST_ASKED).join(' ')
  useEffect(
    () => browserClock.after(RESTS_MS, () => onShown(drawn ? drawn.split(' ') : [])),
    [drawn, onShown],
  )
  return (
    <div ref={scroller} className="min-h-0 grow overflow-y-auto pb-4">
      <ul
        aria-label={m.rooms_members()}
        className="relative"
        style={{ height: virtual.getTotalSize() }}
      >
        {rows.map((row) => {
          const entry = entries[row.index]
          return (
            entry && (
              <li
                key={row.key}
                ref={virtual.measureElement}
                data-index={row.index}
                className="absolute inset-x-0 top-0"
                style={{ transform: `translateY(${row.start}px)` }}
              >
                {'head' in entry ? (
                  <h3 className="px-5 pt-3 pb-1 text-small font-semibold text-faint">
                    {entry.head}
                  </h3>
                ) : (
                  <MemberRow as="div" room={room} member={entry.member} />
                )}
              </li>
            )
          )
        })}
      </ul>
    </div>
  )
}
