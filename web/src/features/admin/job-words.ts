import { m } from '@/i18n/paraglide/messages.js'
import type { JobState } from '@/wire/operations'

/** What needs somebody comes first. */
export const states: readonly JobState[] = ['dead', 'running', 'waiting', 'done', 'cancelled']

export const stateLabels: Record<JobState, () => string> = {
  dead: m.admin_job_dead,
  running: m.admin_job_running,
  waiting: m.admin_job_waiting,
  done: m.admin_job_done,
  cancelled: m.admin_job_cancelled,
}
