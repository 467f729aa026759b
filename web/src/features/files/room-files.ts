import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { http } from '@/lib/http'
import { useEngine } from '@/sync/react'
import type { FileKind } from '@/wire/files'
import type { RoomFileList } from '@/wire/media'

/** Which files of a room. */
export interface Asked {
  kind: FileKind | null
  account_id: string | null
  /** In the name; empty for any. */
  q: string
}

/** Nobody asks for each letter. */
const SETTLE_MS = 250

export function useRoomFiles(roomId: string, asked: Asked) {
  const q = useSettled(asked.q.trim())
  const { kind, account_id } = asked
  const list = useInfiniteQuery({
    queryKey: ['files', roomId, 'panel', kind, account_id, q],
    queryFn: ({ pageParam }) =>
      http<RoomFileList>('GET', `rooms/${roomId}/files`, {
        query: { kind, account_id, q: q || null, cursor: pageParam },
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  })
  useFresh(roomId)
  const { data } = list
  return useMemo(
    () => ({
      list,
      files: data?.pages.flatMap((page) => page.files) ?? [],
      people: new Map(data?.pages.flatMap((page) => page.people).map((one) => [one.id, one])),
    }),
    [list, data],
  )
}

function useSettled(value: string): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), SETTLE_MS)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}

const telling = new Set(['message.sent', 'message.deleted', 'message.expired', 'file.changed'])

/** What is sent or taken back while one looks shows up. */
function useFresh(roomId: string): void {
  const engine = useEngine()
  const queries = useQueryClient()
  useEffect(
    () =>
      engine.onFact((event) => {
        if (event.stream === `room:${roomId}` && telling.has(event.type))
          void queries.invalidateQueries({ queryKey: ['files', roomId] })
      }),
    [engine, queries, roomId],
  )
}
