import { Fragment } from 'react'
import { errorText } from '@/i18n/errors'
import { formatDay } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { dayKey } from '@/lib/dates'
import { roomTitle } from '@/sync/naming'
import { useMyId, useSync } from '@/sync/react'
import { Button } from '@/ui/Button'
import { EmptyState } from '@/ui/EmptyState'
import { ErrorState } from '@/ui/ErrorState'
import { Skeleton } from '@/ui/Skeleton'
import type { SearchHit, Sort } from '@/wire/search'
import { Hit } from './hit'
import type { Results } from './use-results'

interface ListProps {
  results: Results
  sort: Sort
  roomId: string | null
  onOpen: () => void
}

export function ResultList({ results, sort, roomId, onOpen }: ListProps) {
  const { hits, error } = results
  const groups = useGroups(hits ?? [], sort)
  if (error) {
    return <ErrorState title={m.search_failed()} text={errorText(error)} retry={results.retry} />
  }
  if (hits === null || (hits.length === 0 && results.looksOn)) return <HitSkeletons />
  return (
    <>
      <p role="status" className={hits.length > 0 ? 'sr-only' : 'hidden'}>
        {m.search_count({ count: hits.length })}
      </p>
      {hits.length === 0 && !results.isStale && (
        <div role="status">
          {results.hasMore ? (
            <EmptyState title={m.search_none_yet()}>{m.search_none_yet_text()}</EmptyState>
          ) : (
            <EmptyState title={m.search_none()}>{m.search_none_text()}</EmptyState>
          )}
        </div>
      )}
      {groups.map((group) => (
        <Fragment key={group.key}>
          <h2
            className="sticky top-0 z-[1] truncate bg-paper px-5 pt-3 pb-1 text-caption font-semibold text-muted"
            dir="auto"
          >
            {group.title}
          </h2>
          <ul>
            {group.hits.map((hit) => (
              <li key={hit.message.id}>
                <Hit
                  hit={hit}
                  author={results.people[hit.message.author_id]}
                  roomTitle={group.roomOf(hit)}
                  isHere={roomId !== null}
                  onOpen={onOpen}
                />
              </li>
            ))}
          </ul>
        </Fragment>
      ))}
      {results.hasMore && (
        <div className="grid place-items-center p-3">
          <Button busy={results.looksOn} onClick={results.more}>
            {hits.length === 0 ? m.search_further() : m.search_more()}
          </Button>
        </div>
      )}
    </>
  )
}

interface Group {
  key: string
  title: string
  hits: SearchHit[]
  /** The room to name beside a hit; null where the heading says it. */
  roomOf: (hit: SearchHit) => string | null
}

/** By time under their days; otherwise under their rooms, the best room first. */
function useGroups(hits: readonly SearchHit[], sort: Sort): Group[] {
  const myId = useMyId()
  const rooms = useSync((state) => state.rooms)
  const title = (roomId: string) => {
    const room = rooms[roomId]
    return room ? roomTitle(room, myId) : ''
  }
  const keyOf = ({ message }: SearchHit) =>
    sort === 'time' ? String(dayKey(message.sent_at)) : message.room_id
  return [...Map.groupBy(hits, keyOf)].map(([key, grouped]) => ({
    key,
    title: sort === 'time' ? formatDay(grouped[0]?.message.sent_at ?? '') : title(key),
    hits: grouped,
    roomOf: (hit) => (sort === 'time' ? title(hit.message.room_id) : null),
  }))
}

function HitSkeletons() {
  return (
    <div aria-busy="true" className="flex flex-col gap-5 px-5 pt-4">
      {[80, 55, 70].map((width) => (
        <span key={width} className="flex flex-col gap-2">
          <Skeleton className="h-4 w-32" />
          <span className="block" style={{ width: `${width}%` }}>
            <Skeleton className="h-4 w-full" />
          </span>
        </span>
      ))}
    </div>
  )
}
