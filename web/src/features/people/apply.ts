import type { ApplyTable } from '@/sync/dispatch'
import type { Replica } from '@/sync/state'
import type { Circle } from '@/wire/people'

/** N2. (N4's asking anew is an effect: `sync/engine.ts`.) */
export const peopleApply: ApplyTable = {
  'contact.changed': (replica, { data: { account_id, state, note, since } }) =>
    change(replica, ({ contacts }) => ({
      contacts: [
        ...contacts.filter((one) => one.account_id !== account_id),
        ...(state === null ? [] : [{ account_id, state, note, since }]),
      ],
    })),
  'person.blocked': (replica, { data: { account_id, since } }) =>
    change(replica, ({ blocked }) => ({
      blocked: [...blocked.filter((one) => one.account_id !== account_id), { account_id, since }],
    })),
  'person.unblocked': (replica, { data: { account_id } }) =>
    change(replica, ({ blocked }) => ({
      blocked: blocked.filter((one) => one.account_id !== account_id),
    })),
  'privacy.changed': (replica, { data: { privacy } }) => change(replica, () => ({ privacy })),
  'availability.changed': (replica, { data: { availability } }) => ({
    ...replica,
    own: { ...replica.own, availability },
  }),
}

const change = (replica: Replica, by: (circle: Circle) => Partial<Circle>): Replica => {
  const { circle } = replica.own
  return { ...replica, own: { ...replica.own, circle: { ...circle, ...by(circle) } } }
}
