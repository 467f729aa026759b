import { Link } from '@tanstack/react-router'
import { useCallback, useEffect, useState } from 'react'
import { errorText } from '@/i18n/errors'
import { formatFull } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import type { PanelProps } from '@/lib/room-parts'
import { useSync } from '@/sync/react'
import { Button } from '@/ui/Button'
import { EmptyState } from '@/ui/EmptyState'
import { PanelHead } from '@/ui/PanelHead'
import { Skeleton } from '@/ui/Skeleton'
import { Tabs } from '@/ui/Tabs'
import { toast } from '@/ui/toasts'
import type { Account } from '@/wire/accounts'
import type { AuditRecord, Decision, Report, ReportList } from '@/wire/moderation'
import * as api from './api'
import { categoryLabels, deed } from './words'

type Tab = 'reports' | 'audit'

/** What members reported here, and what those who keep order did. */
export function ModerationPanel({ roomId, close }: PanelProps) {
  const [tab, setTab] = useState<Tab>('reports')
  return (
    <>
      <PanelHead title={m.life_moderation()} close={close} />
      <div className="flex min-h-0 grow flex-col">
        <Tabs
          label={m.life_moderation()}
          value={tab}
          onChange={setTab}
          tabs={[
            { value: 'reports', label: m.life_reports(), content: <Reports roomId={roomId} /> },
            { value: 'audit', label: m.life_audit(), content: <Audit roomId={roomId} /> },
          ]}
        />
      </div>
    </>
  )
}

const nameIn = (people: readonly Account[], id: string | null) =>
  people.find((person) => person.id === id)?.display_name ?? m.messages_somebody()

function Reports({ roomId }: { roomId: string }) {
  const [list, setList] = useState<ReportList | null>(null)
  // What `reports.changed` says comes in my own stream: its head moves.
  const head = useSync((state) => state.head)
  const load = useCallback(() => {
    api.reports(roomId).then(setList, (error) => toast(errorText(error)))
  }, [roomId])
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again whenever my stream moves
  useEffect(load, [load, head])
  if (list === null) return <Loading />
  if (list.reports.length === 0) {
    return <EmptyState title={m.life_reports_none()}>{m.life_reports_none_hint()}</EmptyState>
  }
  return (
    <ul className="flex flex-col gap-3 p-4">
      {list.reports.map((report) => (
        <ReportCard key={report.id} report={report} people={list.people} decided={load} />
      ))}
    </ul>
  )
}

interface ReportCardProps {
  report: Report
  people: readonly Account[]
  decided: () => void
}

function ReportCard({ report, people, decided }: ReportCardProps) {
  const held = useSync((state) =>
    report.room_id === null
      ? undefined
      : state.timelines[report.room_id]?.messages.find((one) => one.id === report.message_id),
  )
  const decide = async (state: Decision) => {
    try {
      await api.decide(report.id, { state })
    } catch (error) {
      toast(errorText(error))
    }
    decided()
  }
  return (
    <li className="flex flex-col gap-2 rounded-control border border-line p-3">
      <p className="text-small">
        {m.life_report_line({
          reporter: nameIn(people, report.reporter_id),
          person: nameIn(people, report.account_id),
          category: categoryLabels[report.category](),
        })}
      </p>
      {report.note && (
        <p dir="auto" className="border-s-2 border-line ps-3 text-small text-muted">
          {report.note}
        </p>
      )}
      <p className="text-caption text-faint">{formatFull(report.at)}</p>
      <div className="flex flex-wrap items-center gap-2">
        <Button size="small" onClick={() => void decide('resolved')}>
          {m.life_report_resolve()}
        </Button>
        <Button size="small" tone="quiet" onClick={() => void decide('dismissed')}>
          {m.life_report_dismiss()}
        </Button>
        {report.room_id && report.message_id && (
          <Link
            to="/rooms/$roomId"
            params={{ roomId: report.room_id }}
            search={{ panel: 'moderation', at: String(held?.seq ?? report.message_id) }}
            className="text-small text-accent-ink underline"
          >
            {m.life_report_show()}
          </Link>
        )}
      </div>
    </li>
  )
}

function Audit({ roomId }: { roomId: string }) {
  const [records, setRecords] = useState<readonly AuditRecord[] | null>(null)
  const [people, setPeople] = useState<readonly Account[]>([])
  const [next, setNext] = useState<string | null>(null)
  const load = useCallback(
    (cursor: string | null) => {
      api.audit(roomId, cursor).then(
        (trail) => {
          setRecords((held) => [...(cursor === null ? [] : (held ?? [])), ...trail.records])
          setPeople((held) => [...held, ...trail.people])
          setNext(trail.next)
        },
        (error) => toast(errorText(error)),
      )
    },
    [roomId],
  )
  useEffect(() => load(null), [load])
  if (records === null) return <Loading />
  if (records.length === 0) return <EmptyState title={m.life_audit_none()} />
  return (
    <div className="p-4">
      <ol className="flex flex-col gap-3">
        {records.map((record) => (
          <li key={record.id} className="text-small">
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
            <p className="text-caption text-faint">{formatFull(record.at)}</p>
          </li>
        ))}
      </ol>
      {next !== null && (
        <Button size="small" className="mt-4 self-start" onClick={() => load(next)}>
          {m.life_audit_more()}
        </Button>
      )}
    </div>
  )
}

const Loading = () => (
  <div aria-busy="true" className="flex flex-col gap-3 p-4">
    <Skeleton className="h-16 w-full" />
    <Skeleton className="h-16 w-full" />
  </div>
)
