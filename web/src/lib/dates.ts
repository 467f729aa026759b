/** The local calendar day as a sortable number: two moments share a day exactly if these match. */
export function dayKey(at: Date | string): number {
  const date = new Date(at)
  return date.getFullYear() * 10_000 + (date.getMonth() + 1) * 100 + date.getDate()
}

/** Whole local days from `at` to `now`: 0 today, 1 yesterday. DST-safe: counts midnights, not hours. */
export function daysBetween(at: Date | string, now: Date): number {
  const from = new Date(at)
  const midnight = (d: Date) => Date.UTC(d.getFullYear(), d.getMonth(), d.getDate())
  return Math.round((midnight(now) - midnight(from)) / 86_400_000)
}
