/** For how long a status or a silence holds. */
export const spans = ['as_it_is', 'never', 'half_hour', 'hour', 'four_hours', 'today'] as const
export type Span = (typeof spans)[number]

const minutes = { half_hour: 30, hour: 60, four_hours: 240 }

/** When a span that begins now is over: null for never, undefined for no change. */
export function until(span: Span, now: Date): string | null | undefined {
  if (span === 'as_it_is') return undefined
  if (span === 'never') return null
  if (span !== 'today') return new Date(now.getTime() + minutes[span] * 60_000).toISOString()
  const midnight = new Date(now)
  midnight.setHours(24, 0, 0, 0)
  return midnight.toISOString()
}

/** Minutes since midnight as an <input type="time"> has them, and back. */
export const toClock = (minute: number) =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`

export function fromClock(text: string): number | null {
  const match = /^(\d\d):(\d\d)$/.exec(text)
  return match ? Number(match[1]) * 60 + Number(match[2]) : null
}
