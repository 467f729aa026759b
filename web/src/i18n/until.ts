import { formatDate, formatTime } from './format'

/** When something ends, as short as it can be told: the hour today, else the day and the hour. */
export function formatUntil(at: string): string {
  if (new Date(at).toDateString() === new Date().toDateString()) return formatTime(at)
  return formatDate(at, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  })
}
