import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { http } from '@/lib/http'
import type { Account } from '@/wire/accounts'
import type { SearchHint, SearchHit, SearchPage, Sort } from '@/wire/search'

const SETTLED_MS = 180
/** Hits that make a page. The server looks so far and no further at a time, and may bring fewer. */
const PAGE = 20
/** Pages asked for without being told to; then a person says whether to look further back. */
const BY_ITSELF = 12

export interface Results {
  /** The question these answer: the field may be ahead of it. */
  asked: string
  hits: readonly SearchHit[] | null
  people: Readonly<Record<string, Account>>
  hints: readonly SearchHint[]
  isStale: boolean
  error: unknown
  hasMore: boolean
  /** On its way to a page full of hits. */
  looksOn: boolean
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
  const hits = pages.flatMap((page) => page.hits)
  const { looksOn, more } = useLookingOn(
    `${asked}\n${sort}\n${scope}`,
    { pages: pages.length, hits: hits.length, hasMore: query.hasNextPage && !query.error },
    query.isFetching ? null : query.fetchNextPage,
  )
  return {
    asked,
    hits: pages.length > 0 ? hits : null,
    people: Object.fromEntries(pages.flatMap((page) => page.people.map((one) => [one.id, one]))),
    hints: pages[0]?.hints ?? [],
    isStale: asked !== text.trim() || query.isPlaceholderData,
    error: asked === '' ? null : query.error,
    hasMore: query.hasNextPage,
    looksOn,
    more,
    retry: () => void query.refetch(),
  }
}

interface Looked {
  pages: number
  hits: number
}

/** Asks on until there is a page more than when a person last asked, or for long enough. */
function useLookingOn(
  question: string,
  now: Looked & { hasMore: boolean },
  next: (() => unknown) | null,
) {
  const [asked, setAsked] = useState({ question, pages: 0, hits: 0 })
  const from = asked.question === question ? asked : { pages: 0, hits: 0 }
  const looksOn = now.hasMore && now.hits - from.hits < PAGE && now.pages - from.pages < BY_ITSELF
  useEffect(() => {
    if (looksOn) next?.()
  }, [looksOn, next])
  return { looksOn, more: () => setAsked({ question, pages: now.pages, hits: now.hits }) }
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
