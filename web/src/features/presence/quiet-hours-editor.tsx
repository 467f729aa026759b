import { PlusIcon, XIcon } from 'lucide-react'
import { formatDate } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { Button } from '@/ui/Button'
import { Checkbox } from '@/ui/Checkbox'
import { IconButton } from '@/ui/IconButton'
import { TextField } from '@/ui/TextField'
import type { QuietHours, SetAvailability } from '@/wire/presence'
import { fromClock, toClock } from './spans'

const week = [0, 1, 2, 3, 4, 5, 6]
const nights: QuietHours = { days: week, start: 22 * 60, end: 7 * 60 }
const MOST = 14

/** A Monday, to name the days by. */
const MONDAY = new Date(2026, 0, 5)

interface EditorProps {
  quiet: SetAvailability
  set: (quiet: SetAvailability) => void
}

/** When I do not want to be disturbed, week by week, in my own time. */
export function QuietHoursEditor({ quiet, set }: EditorProps) {
  const schedule = quiet.schedule ?? []
  const change = (next: QuietHours[]) => {
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone
    set({ ...quiet, schedule: next, time_zone: quiet.time_zone ?? own })
  }
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="mb-2 font-semibold">{m.presence_schedule()}</legend>
      {schedule.map((hours, index) => (
        <Hours
          // biome-ignore lint/suspicious/noArrayIndexKey: they have no other name
          key={index}
          hours={hours}
          set={(next) => change(schedule.map((one, at) => (at === index ? next : one)))}
          remove={() => change(schedule.filter((_, at) => at !== index))}
        />
      ))}
      {schedule.length < MOST && (
        <Button size="small" onClick={() => change([...schedule, nights])}>
          <PlusIcon aria-hidden="true" className="size-4" />
          {m.presence_schedule_add()}
        </Button>
      )}
      <TextField
        label={m.presence_zone()}
        hint={m.presence_zone_hint()}
        aside={m.ui_optional()}
        value={quiet.time_zone ?? ''}
        maxLength={64}
        onChange={(event) => set({ ...quiet, time_zone: event.target.value || null })}
      />
    </fieldset>
  )
}

interface HoursProps {
  hours: QuietHours
  set: (hours: QuietHours) => void
  remove: () => void
}

function Hours({ hours, set, remove }: HoursProps) {
  const setTime = (name: 'start' | 'end', text: string) => {
    const minute = fromClock(text)
    if (minute !== null) set({ ...hours, [name]: minute })
  }
  const toggle = (day: number) => {
    const days = hours.days.includes(day)
      ? hours.days.filter((one) => one !== day)
      : [...hours.days, day].sort()
    if (days.length > 0) set({ ...hours, days })
  }
  return (
    <div className="flex flex-col gap-2 rounded-card border border-line p-3">
      <div className="flex items-end gap-3">
        <TextField
          type="time"
          label={m.presence_from()}
          value={toClock(hours.start)}
          onChange={(event) => setTime('start', event.target.value)}
        />
        <TextField
          type="time"
          label={m.presence_to()}
          value={toClock(hours.end)}
          onChange={(event) => setTime('end', event.target.value)}
        />
        <IconButton
          label={m.presence_schedule_remove()}
          icon={<XIcon aria-hidden="true" />}
          onClick={remove}
        />
      </div>
      <fieldset className="flex flex-wrap gap-x-4">
        <legend className="sr-only">{m.presence_days()}</legend>
        {week.map((day) => (
          <Checkbox
            key={day}
            label={nameOf(day)}
            checked={hours.days.includes(day)}
            onChange={() => toggle(day)}
          />
        ))}
      </fieldset>
    </div>
  )
}

function nameOf(day: number): string {
  const date = new Date(MONDAY)
  date.setDate(MONDAY.getDate() + day)
  return formatDate(date, { weekday: 'short' })
}
