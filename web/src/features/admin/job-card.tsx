import { useState } from 'react'
import { errorText } from '@/i18n/errors'
import { formatFull } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { AlertDialog } from '@/ui/AlertDialog'
import { Badge } from '@/ui/Badge'
import { Button } from '@/ui/Button'
import { toast } from '@/ui/toasts'
import type { JobRecord, JobState } from '@/wire/operations'
import * as api from './api'
import { stateLabels } from './job-words'

const tones: Record<JobState, 'danger' | 'live' | 'quiet'> = {
  dead: 'danger',
  running: 'live',
  waiting: 'quiet',
  done: 'quiet',
  cancelled: 'quiet',
}

/** One job: how it stands, what went wrong, and what may be done about it. */
export function JobCard({ job, changed }: { job: JobRecord; changed: () => void }) {
  const [busy, setBusy] = useState(false)
  const [asking, setAsking] = useState(false)
  const retry = async () => {
    setBusy(true)
    try {
      await api.retryJob(job.id)
      toast(m.admin_job_retried())
    } catch (error) {
      toast(errorText(error), { tone: 'danger' })
    }
    setBusy(false)
    changed()
  }
  const ends = job.state === 'waiting' || job.state === 'running'
  return (
    <li aria-label={job.kind} className="rounded-control border border-line p-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="font-mono text-small font-semibold">{job.kind}</span>
        <Badge tone={tones[job.state]}>{stateLabels[job.state]()}</Badge>
        <span className="text-caption text-faint">{timeText(job)}</span>
      </div>
      {job.error && (
        <p dir="auto" className="mt-2 font-mono text-caption break-words text-danger-ink">
          {job.error}
        </p>
      )}
      {job.state === 'running' && <Progress job={job} />}
      <div className="mt-2 flex flex-wrap items-start gap-2">
        <Details job={job} />
        {job.state === 'dead' && (
          <Button size="small" busy={busy} onClick={() => void retry()}>
            {m.admin_job_retry()}
          </Button>
        )}
        {ends && (
          <Button
            size="small"
            tone="quiet"
            disabled={job.cancel_asked}
            onClick={() => setAsking(true)}
          >
            {job.cancel_asked ? m.admin_job_stopping() : m.admin_job_cancel()}
          </Button>
        )}
      </div>
      {asking && (
        <AlertDialog
          title={m.admin_job_cancel_title({ kind: job.kind })}
          description={m.admin_job_cancel_text()}
          action={m.admin_job_cancel()}
          onConfirm={async () => {
            await api.cancelJob(job.id)
            changed()
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </li>
  )
}

function timeText(job: JobRecord): string {
  if (job.finished_at) return formatFull(job.finished_at)
  if (job.state === 'running') return m.admin_job_since({ when: formatFull(job.started_at ?? '') })
  return m.admin_job_due({ when: formatFull(job.run_at) })
}

function Progress({ job: { kind, done, total, note } }: { job: JobRecord }) {
  if (total === 0) return note ? <p className="mt-2 text-small">{note}</p> : null
  return (
    <p className="mt-2 text-small">
      <progress aria-label={kind} value={done} max={total} className="h-2 w-full accent-accent" />
      {note}
    </p>
  )
}

function Details({ job }: { job: JobRecord }) {
  const lines: [string, string | null][] = [
    [m.admin_job_attempt(), String(job.attempt)],
    [m.admin_job_key(), job.key],
    [m.admin_job_asked(), formatFull(job.enqueued_at)],
    [m.admin_job_begun(), job.started_at && formatFull(job.started_at)],
    [m.admin_job_ended(), job.finished_at && formatFull(job.finished_at)],
    [m.admin_job_id(), job.id],
  ]
  return (
    <details className="min-w-0 grow text-small">
      <summary className="cursor-pointer py-1 text-muted">{m.admin_job_details()}</summary>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 pb-1 text-caption">
        {lines.map(
          ([name, value]) =>
            value && (
              <div key={name} className="contents">
                <dt className="text-faint">{name}</dt>
                <dd className="font-mono break-all">{value}</dd>
              </div>
            ),
        )}
      </dl>
    </details>
  )
}
