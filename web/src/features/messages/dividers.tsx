import { formatDate, formatDay } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { cx } from '@/lib/class-names'
import { daysBetween } from '@/lib/dates'
import type { Row } from './rows'

/** "Today", "Yesterday", a weekday with its date; the year where it is another one. */
export function dayName(at: string, now: Date): string {
  const days = daysBetween(at, now)
  if (days === 0) return m.messages_today()
  if (days === 1) return m.messages_yesterday()
  if (new Date(at).getFullYear() === now.getFullYear()) return formatDay(at)
  return formatDate(at, { dateStyle: 'long' })
}

export function DayLabel({ at }: { at: string }) {
  return (
    <div className="flex items-center gap-4 px-5 pt-5 pb-1">
      <span className="h-px grow bg-line" />
      <span className="text-small font-semibold text-muted">{dayName(at, new Date())}</span>
      <span className="h-px grow bg-line" />
    </div>
  )
}

export function NewDivider() {
  return (
    <div className="flex items-center gap-3 px-5 pt-3">
      <hr aria-label={m.messages_new_label()} className="grow border-accent" />
      <span aria-hidden="true" className="text-caption font-bold text-accent-ink">
        {m.messages_new()}
      </span>
    </div>
  )
}

/** Where one is in time, while scrolling. */
export function StickyDay({ row, hidden }: { row: Row | undefined; hidden: boolean }) {
  if (!row) return null
  return (
    <div
      aria-hidden="true"
      className={cx(
        'pointer-events-none absolute inset-x-0 top-2 flex justify-center transition-opacity',
        hidden && 'opacity-0',
      )}
    >
      <span className="rounded-full border border-line bg-glass px-3 py-0.5 text-caption font-semibold text-muted shadow-low backdrop-blur-md">
        {dayName(row.at, new Date())}
      </span>
    </div>
  )
}

export function RoomStart({ title }: { title: string }) {
  return (
    <div className="px-5 pt-10 pb-2">
      <p className="font-serif text-title" dir="auto">
        {title}
      </p>
      <p className="text-muted">{m.messages_room_start()}</p>
    </div>
  )
}
