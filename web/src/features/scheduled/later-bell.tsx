import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { useEngine } from '@/sync/react'
import { toast } from '@/ui/toasts'
import type { Facts } from '@/wire/events'
import type { Reminder } from '@/wire/reminders'
import { listReminders } from './api'

/** Says that it is time, wherever I am; and at the start, what rang while nobody listened. */
export function LaterBell() {
  const engine = useEngine()
  const navigate = useNavigate()
  useEffect(() => {
    const look = () => void navigate({ to: '/rooms/view/$view', params: { view: 'later' } })
    const ring = (reminder: Reminder) =>
      toast(m.reminders_due({ what: reminder.note || m.reminders_a_message() }), {
        tone: 'live',
        lasts: 30_000,
        action: { label: m.scheduled_look(), run: look },
      })
    const stop = engine.onFact(({ type, data }) => {
      if (type === 'reminder.due') {
        const { reminder } = data as Facts['reminder.due']
        if (reminder?.rung_at) ring(reminder)
      }
      if (type === 'scheduled.changed' && (data as Facts['scheduled.changed']).scheduled?.failed) {
        toast(m.scheduled_failed_toast(), {
          tone: 'danger',
          lasts: 30_000,
          action: { label: m.scheduled_look(), run: look },
        })
      }
    })
    listReminders().then(
      ({ reminders }) => {
        const rung = reminders.filter((one) => one.reminder.rung_at).at(-1)
        if (rung) ring(rung.reminder)
      },
      () => {}, // Nobody asked: the page of them says what is wrong.
    )
    return stop
  }, [engine, navigate])
  return null
}
