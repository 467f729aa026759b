import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { http } from '@/lib/http'
import type { Account } from '@/wire/accounts'
import type { SearchHint, SearchHit, SearchPage, Sort } from '@/wire/search'

const SETTLED_MS = 180

export interface Results {
  /** The question these answer: the field may be ahead of it. */
  asked: string
  hits: readonly SearchHit[] | null
  people: Readonly<Record<string, Account>>
  hints: readonly SearchHint[]
  isStale: boolean
  error: unknown
  hasMore: boolean
  loadsMore: boolean
  more: () => void
  retry: () => void
}

/** Asks once typing rests for a moment, and keeps what was found until the next answer. */
export function useResults(text: string, sort: Sort, scope: string | null): Results {
  const asked = useSettled(text.trim())
  const query = useInfiniteQuery({
    queryKey: ['search', asked, sort, scope],
    queryFn: ({ pageParam, signal }) =>
      http<SearchPage>('GET', 'search', {
        query: { query: asked, sort, room_id: scope, cursor: pageParam, time_zone: zone() },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    enabled: asked !== '',
    placeholderData: keepPreviousData,
    // Edits, deletions and leaving a room count at once: an answer is never taken from a cache.
    staleTime: 0,
    gcTime: 0,
    retry: 1,
  })
  const pages = asked === '' ? [] : (query.data?.pages ?? [])
  return {
    asked,
    hits: pages.length > 0 ? pages.flatMap((page) => page.hits) : null,
    people: Object.fromEntries(pages.flatMap((page) => page.people.map((one) => [one.id, one]))),
    hints: pages[0]?.hints ?? [],
    isStale: asked !== text.trim() || query.isPlaceholderData,
    error: asked === '' ? null : query.error,
    hasMore: query.hasNextPage,
    loadsMore: query.isFetchingNextPage,
    more: () => void query.fetchNextPage(),
    retry: () => void query.refetch(),
  }
}

const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), text === '' ? 0 : SETTLED_MS)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}
