import type { Apply, ApplyTable } from '@/sync/dispatch'

/** What asks for its person, by id: as told now, or gone. */
const kept = <One extends { id: string }>(held: readonly One[], id: string, now: One | null) => [
  ...held.filter((one) => one.id !== id),
  ...(now ? [now] : []),
]

const ring: Apply<'reminder.changed' | 'reminder.due'> = (replica, { data: { id, reminder } }) => {
  const rung = kept(replica.own.rung, id, reminder?.rung_at ? reminder : null)
  return { ...replica, own: { ...replica.own, rung } }
}

/** R12: what rang, and what could not be said. */
export const laterApply: ApplyTable = {
  'reminder.changed': ring,
  'reminder.due': ring,
  'scheduled.changed': (replica, { data: { id, scheduled } }) => {
    const failed = kept(replica.own.failed, id, scheduled?.failed ? scheduled : null)
    return { ...replica, own: { ...replica.own, failed } }
  },
}
