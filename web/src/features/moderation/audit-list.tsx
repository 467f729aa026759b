import { useInfiniteQuery } from '@tanstack/react-query'
import { formatFull } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { useSync } from '@/sync/react'
import { EmptyState } from '@/ui/EmptyState'
import { More } from '@/ui/More'
import type { Account } from '@/wire/accounts'
import type { AuditRecord } from '@/wire/moderation'
import * as api from './api'
import { Failed, Loading, nameIn } from './lists'
import { deed } from './words'

/** What those who keep order did: in a room, or (null) anywhere. */
export function AuditList({ roomId }: { roomId: string | null }) {
  const list = useInfiniteQuery({
    queryKey: ['audit', roomId],
    queryFn: ({ pageParam }) => api.audit(roomId, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    gcTime: 0,
  })
  if (list.isPending) return <Loading />
  if (list.isError) return <Failed error={list.error} retry={() => void list.refetch()} />
  const records = list.data.pages.flatMap((page) => page.records)
  const people = list.data.pages.flatMap((page) => page.people)
  if (records.length === 0) return <EmptyState title={m.life_audit_none()} />
  return (
    <>
      <ol className="flex flex-col gap-3">
        {records.map((record) => (
          <AuditLine key={record.id} record={record} people={people} inRoom={roomId !== null} />
        ))}
      </ol>
      <More of={list} className="mt-4 self-start" />
    </>
  )
}

interface AuditLineProps {
  record: AuditRecord
  people: readonly Account[]
  /** It stands in its room: no need to say which. */
  inRoom: boolean
}

function AuditLine({ record, people, inRoom }: AuditLineProps) {
  const room = useSync((state) => state.rooms[record.room_id]?.room.name)
  return (
    <li className="text-small">
      <p dir="auto">
        {deed(record, {
          actor: nameIn(people, record.actor_id),
          person: nameIn(people, record.account_id),
        })}
      </p>
      {record.reason && (
        <p dir="auto" className="text-muted">
          {m.life_audit_why({ reason: record.reason })}
        </p>
      )}
      <p className="text-caption text-faint">
        {formatFull(record.at)}
        {!inRoom && ` · ${room ?? m.admin_foreign_room()}`}
      </p>
    </li>
  )
}
