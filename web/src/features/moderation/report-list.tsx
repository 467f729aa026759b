import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { useSync } from '@/sync/react'
import { EmptyState } from '@/ui/EmptyState'
import { More } from '@/ui/More'
import * as api from './api'
import { Failed, Loading } from './lists'
import { ReportCard } from './report-card'

const LOOK = 30_000

/** What was reported: in a room, or (null) anywhere on the server. */
export function ReportList({ roomId, which }: { roomId: string | null; which: api.Which }) {
  const list = useInfiniteQuery({
    queryKey: ['reports', roomId, which],
    queryFn: ({ pageParam }) => api.reports(roomId, which, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    // Of a room's reports my stream tells; of the server's nobody does.
    refetchInterval: roomId === null ? LOOK : false,
    gcTime: 0,
  })
  const again = useFresh(roomId)
  if (list.isPending) return <Loading />
  if (list.isError) return <Failed error={list.error} retry={() => void list.refetch()} />
  const reports = list.data.pages.flatMap((page) => page.reports)
  const people = list.data.pages.flatMap((page) => page.people)
  if (reports.length === 0) return <None isOpen={which === 'open'} ofServer={roomId === null} />
  return (
    <>
      <ul className="flex flex-col gap-3">
        {reports.map((report) => (
          <ReportCard
            key={report.id}
            report={report}
            people={people}
            panel={roomId === null ? undefined : 'moderation'}
            decided={again}
          />
        ))}
      </ul>
      <More of={list} className="mt-4 self-start" />
    </>
  )
}

function None({ isOpen, ofServer }: { isOpen: boolean; ofServer: boolean }) {
  if (!isOpen) return <EmptyState title={m.admin_decided_none()} />
  return (
    <EmptyState title={m.life_reports_none()}>
      {ofServer ? m.admin_reports_none_hint() : m.life_reports_none_hint()}
    </EmptyState>
  )
}

/** What `reports.changed` says comes in my own stream: its head moves. */
function useFresh(roomId: string | null): () => void {
  const head = useSync((state) => state.head)
  const queries = useQueryClient()
  const again = () => void queries.invalidateQueries({ queryKey: ['reports', roomId] })
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again whenever my stream moves
  useEffect(again, [head])
  return again
}
