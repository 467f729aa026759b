import type { Availability, QuietHours } from '@/wire/presence'

/** The twin of the server's `presence/state/quiet.py`: am I not to be disturbed at this moment? */
export function isQuiet(availability: Availability, now: Date): boolean {
  const { dnd, dnd_until, schedule, time_zone } = availability
  if (dnd && (dnd_until === null || now.getTime() < Date.parse(dnd_until))) return true
  if (schedule.length === 0) return false
  const { weekday, minute } = localTime(now, time_zone ?? 'UTC')
  return schedule.some((hours) => holds(hours, weekday, minute))
}

function holds({ days, start, end }: QuietHours, weekday: number, minute: number): boolean {
  if (start < end) return days.includes(weekday) && start <= minute && minute < end
  const yesterday = (weekday + 6) % 7
  return (days.includes(weekday) && minute >= start) || (days.includes(yesterday) && minute < end)
}

const names = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

function localTime(now: Date, timeZone: string): { weekday: number; minute: number } {
  const parts = formatIn(timeZone).formatToParts(now)
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? ''
  return {
    weekday: names.indexOf(of('weekday')),
    minute: Number(of('hour')) * 60 + Number(of('minute')),
  }
}

function formatIn(timeZone: string): Intl.DateTimeFormat {
  const wanted = { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
  try {
    return new Intl.DateTimeFormat('en-US', { ...wanted, timeZone })
  } catch {
    return new Intl.DateTimeFormat('en-US', { ...wanted, timeZone: 'UTC' })
  }
}
