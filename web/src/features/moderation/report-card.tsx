import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { errorText } from '@/i18n/errors'
import { formatFull } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { useSync } from '@/sync/react'
import { Button } from '@/ui/Button'
import { toast } from '@/ui/toasts'
import type { Account } from '@/wire/accounts'
import type { Decision, Report } from '@/wire/moderation'
import * as api from './api'
import { nameIn } from './lists'
import { categoryLabels } from './words'

interface ReportCardProps {
  report: Report
  people: readonly Account[]
  /** What stays open beside the message that is shown. */
  panel: string | undefined
  decided: () => void
}

export function ReportCard({ report, people, panel, decided }: ReportCardProps) {
  const [busy, setBusy] = useState(false)
  const decide = async (state: Decision) => {
    setBusy(true)
    try {
      await api.decide(report.id, { state })
    } catch (error) {
      toast(errorText(error), { tone: 'danger' })
    }
    setBusy(false)
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
      <p className="text-caption text-faint">
        {formatFull(report.at)}
        <Where report={report} />
      </p>
      <div className="flex flex-wrap items-center gap-2">
        {report.state === 'open' ? (
          <>
            <Button size="small" busy={busy} onClick={() => void decide('resolved')}>
              {m.life_report_resolve()}
            </Button>
            <Button
              size="small"
              tone="quiet"
              disabled={busy}
              onClick={() => void decide('dismissed')}
            >
              {m.life_report_dismiss()}
            </Button>
          </>
        ) : (
          <Verdict report={report} people={people} />
        )}
        <ToMessage report={report} panel={panel} />
      </div>
    </li>
  )
}

function Verdict({ report, people }: { report: Report; people: readonly Account[] }) {
  const name = nameIn(people, report.decided_by)
  const when = report.decided_at ? formatFull(report.decided_at) : ''
  return (
    <p className="grow text-small text-muted">
      {report.state === 'resolved'
        ? m.admin_resolved_by({ name, when })
        : m.admin_dismissed_by({ name, when })}
      {report.reason && ` ${m.life_audit_why({ reason: report.reason })}`}
    </p>
  )
}

/** Which room it is about, where I know it. */
function Where({ report }: { report: Report }) {
  const { room_id: roomId } = report
  const room = useSync((state) => (roomId === null ? undefined : state.rooms[roomId]))
  if (roomId === null) return ` · ${m.admin_no_room()}`
  return ` · ${room ? (room.room.name ?? m.admin_direct_room()) : m.admin_foreign_room()}`
}

/** Into the room, to the message: only for those who may read it. */
function ToMessage({ report, panel }: { report: Report; panel: string | undefined }) {
  const { room_id: roomId, message_id: messageId } = report
  const seq = useSync((state) =>
    roomId === null
      ? undefined
      : state.timelines[roomId]?.messages.find((one) => one.id === messageId)?.seq,
  )
  const mine = useSync((state) => roomId !== null && state.rooms[roomId] !== undefined)
  if (roomId === null || messageId === null || !mine) return null
  return (
    <Link
      to="/rooms/$roomId"
      params={{ roomId }}
      search={{ ...(panel && { panel }), at: String(seq ?? messageId) }}
      className="text-small text-accent-ink underline"
    >
      {m.life_report_show()}
    </Link>
  )
}
