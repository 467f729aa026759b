import { formatDate } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'

/** My zone's IANA name. */
export const myZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'

export interface Choice {
  id: string
  label: string
  at: Date
}

const HOUR = 3_600_000

/** Nine o'clock by the wall, so many days from now: the clocks may change in between. */
function nine(now: Date, days: number): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, 9, 0, 0, 0)
}

/** What people mean by "later". */
export function choices(now: Date): Choice[] {
  const untilMonday = (8 - now.getDay()) % 7 || 7
  const days = [
    { id: 'tomorrow', label: m.scheduled_tomorrow(), at: nine(now, 1) },
    { id: 'monday', label: m.scheduled_monday(), at: nine(now, untilMonday) },
  ]
  return [
    { id: '20m', label: m.scheduled_in_20(), at: new Date(now.getTime() + HOUR / 3) },
    { id: '1h', label: m.scheduled_in_1h(), at: new Date(now.getTime() + HOUR) },
    // On a Sunday both are the same day.
    ...days.slice(0, untilMonday === 1 ? 1 : 2),
  ]
}

/** As `<input type="datetime-local">` wants it: the wall's time, no zone. */
export function toField(at: Date): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`
}

/** A time that the wall never shows (the clocks were put on) is the one an hour later. */
export function fromField(value: string): Date | null {
  const at = new Date(value)
  return Number.isNaN(at.getTime()) ? null : at
}

/** The moment in my zone; where its author was elsewhere, in theirs too. */
export function whenText(at: string, zone: string): string {
  const options = {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: 'numeric',
    minute: '2-digit',
  } as const
  const here = formatDate(at, options)
  if (zone === myZone()) return here
  try {
    const there = formatDate(at, { ...options, timeZone: zone })
    const text = m.scheduled_other_zone({ time: there, zone: zone.replaceAll('_', ' ') })
    return there === here ? here : `${here} (${text})`
  } catch {
    return here // a zone this browser does not know
  }
}
