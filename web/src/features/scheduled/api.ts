import { http } from '@/lib/http'
import { uuid7 } from '@/lib/uuid7'
import type { Reminder } from '@/wire/reminders'
import type { Scheduled, ScheduledList } from '@/wire/scheduled'
import type { ReminderList } from '@/wire/timeline'
import { myZone } from './times'

export const listScheduled = () => http<ScheduledList>('GET', 'me/scheduled')

export const listReminders = () => http<ReminderList>('GET', 'me/reminders')

export const schedule = (
  roomId: string,
  what: { text: string; reply_to: string | null; thread: string | null },
  at: Date,
) =>
  http<Scheduled>('POST', `rooms/${roomId}/scheduled`, {
    body: { ...what, client_id: uuid7(Date.now()), send_at: at.toISOString(), zone: myZone() },
  })

export const reschedule = (id: string, at: Date) =>
  http<Scheduled>('PATCH', `me/scheduled/${id}`, {
    body: { send_at: at.toISOString(), zone: myZone() },
  })

export const cancelScheduled = (id: string) => http<void>('DELETE', `me/scheduled/${id}`)

export const sendScheduled = (id: string) => http<void>('POST', `me/scheduled/${id}/send`)

export const remind = (roomId: string, messageId: string, at: Date) =>
  http<Reminder>('POST', 'me/reminders', {
    body: {
      client_id: uuid7(Date.now()),
      due_at: at.toISOString(),
      zone: myZone(),
      room_id: roomId,
      message_id: messageId,
    },
  })

export const snooze = (id: string, at: Date) =>
  http<Reminder>('PATCH', `me/reminders/${id}`, {
    body: { due_at: at.toISOString(), zone: myZone() },
  })

export const dismiss = (id: string) => http<void>('DELETE', `me/reminders/${id}`)
