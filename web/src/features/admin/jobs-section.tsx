import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { errorText } from '@/i18n/errors'
import { formatNumber } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { cx } from '@/lib/class-names'
import { EmptyState } from '@/ui/EmptyState'
import { ErrorState } from '@/ui/ErrorState'
import { More } from '@/ui/More'
import { Select } from '@/ui/Select'
import { Skeleton } from '@/ui/Skeleton'
import type { JobCounts, JobState } from '@/wire/operations'
import * as api from './api'
import { JobCard } from './job-card'
import { stateLabels, states } from './job-words'

const LOOK = 5_000
/** The server counts no further. */
const MANY = 10_000

/** What the server does, did and is to do: by state and kind, the newest first. */
export function JobsSection() {
  const [state, setState] = useState<JobState | null>(null)
  const [kind, setKind] = useState<string | null>(null)
  const list = useInfiniteQuery({
    queryKey: ['jobs', kind, state],
    queryFn: ({ pageParam }) => api.jobs(kind, state, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: LOOK,
    placeholderData: (before) => before,
    gcTime: 0,
  })
  if (list.isPending) return <Skeleton className="h-40 w-full" />
  if (list.isError) {
    const retry = () => void list.refetch()
    return <ErrorState title={m.admin_jobs_failed()} text={errorText(list.error)} retry={retry} />
  }
  const [first] = list.data.pages
  const jobs = list.data.pages.flatMap((page) => page.jobs)
  // What moved between two pages comes once.
  const shown = [...new Map(jobs.map((job) => [job.id, job])).values()]
  const kinds = [...new Set([...(first?.kinds ?? []), ...(kind ? [kind] : [])])]
  return (
    <div className="flex flex-col gap-5">
      <p className="text-muted">{m.admin_jobs_lead()}</p>
      {first && <StateFilter counts={first.counts} state={state} choose={setState} />}
      <Select
        label={m.admin_job_kind()}
        value={kind ?? ''}
        options={[
          { value: '', label: m.admin_job_kinds_all() },
          ...kinds.map((one) => ({ value: one, label: one })),
        ]}
        onChange={(value) => setKind(value || null)}
      />
      {shown.length === 0 && <EmptyState title={m.admin_jobs_none()} />}
      {shown.length > 0 && (
        <ul
          aria-busy={list.isPlaceholderData}
          className={cx('flex flex-col gap-2', list.isPlaceholderData && 'opacity-60')}
        >
          {shown.map((job) => (
            <JobCard key={job.id} job={job} changed={() => void list.refetch()} />
          ))}
        </ul>
      )}
      <More of={list} className="self-start" />
    </div>
  )
}

interface StateFilterProps {
  counts: JobCounts
  state: JobState | null
  choose: (state: JobState | null) => void
}

function StateFilter({ counts, state, choose }: StateFilterProps) {
  return (
    <fieldset className="flex flex-wrap gap-2">
      <legend className="sr-only">{m.admin_job_state()}</legend>
      {[null, ...states].map((one) => (
        <button
          key={one ?? 'all'}
          type="button"
          aria-pressed={one === state}
          onClick={() => choose(one)}
          className={cx(
            'flex min-h-(--control-small) items-center gap-2 rounded-full border border-line px-3 text-small',
            'transition-colors hover:bg-hover aria-pressed:border-transparent aria-pressed:bg-accent-soft aria-pressed:font-semibold aria-pressed:text-accent-ink',
          )}
        >
          {one === null ? m.admin_jobs_all() : stateLabels[one]()}
          {one !== null && <span className="tabular-nums">{countText(counts[one])}</span>}
        </button>
      ))}
    </fieldset>
  )
}

const countText = (count: number) =>
  count < MANY ? formatNumber(count) : m.admin_job_many({ count: formatNumber(MANY) })
