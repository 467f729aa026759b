import { expect, test } from 'vitest'
import type { Replica } from '@/sync/state'
import { emptyReplica } from '@/sync/state'
import type { Facts } from '@/wire/events'
import { laterApply } from './apply'

type Told = 'reminder.changed' | 'reminder.due' | 'scheduled.changed'

function heard<Type extends Told>(replica: Replica, type: Type, data: Facts[Type]): Replica {
  const apply = laterApply[type] as (held: Replica, event: { data: Facts[Type] }) => Replica
  return apply(replica, { data })
}

const reminder = {
  id: 'olives',
  room_id: null,
  message_id: null,
  note: 'water the olives',
  due_at: '2026-03-01T09:00:00Z',
  zone: 'UTC',
  created_at: '2026-03-01T08:00:00Z',
  rung_at: null,
}
const rung = { ...reminder, rung_at: '2026-03-01T09:00:00Z' }

test('R12: what rang is held until it is put off or done with', () => {
  const set = heard(emptyReplica, 'reminder.changed', { id: 'olives', reminder })
  expect(set.own.rung).toEqual([])
  const due = heard(set, 'reminder.due', { id: 'olives', reminder: rung })
  expect(due.own.rung).toEqual([rung])
  expect(heard(due, 'reminder.due', { id: 'olives', reminder: rung }).own.rung).toEqual([rung])
  expect(heard(due, 'reminder.changed', { id: 'olives', reminder }).own.rung).toEqual([])
  expect(heard(due, 'reminder.changed', { id: 'olives', reminder: null }).own.rung).toEqual([])
})

test('R12: what could not be said is held until it is seen to', () => {
  const scheduled = {
    id: 'morning',
    room_id: 'green',
    thread: null,
    text: 'Good morning',
    reply_to: null,
    send_at: '2026-03-01T09:00:00Z',
    zone: 'UTC',
    client_id: 'c',
    created_at: '2026-03-01T08:00:00Z',
    failed: 'forbidden',
  }
  const failed = heard(emptyReplica, 'scheduled.changed', { id: 'morning', scheduled })
  expect(failed.own.failed).toEqual([scheduled])
  const again = { ...scheduled, failed: null }
  const moved = heard(failed, 'scheduled.changed', { id: 'morning', scheduled: again })
  expect(moved.own.failed).toEqual([])
})
