import type { BesideTable } from '@/sync/beside'
import type { ApplyTable } from '@/sync/dispatch'
import type { Replica } from '@/sync/state'

/** M5: how a poll stands. */
export const pollsBeside: BesideTable = {
  'poll.changed': { of: ({ message_id }) => [message_id], change: (_, { poll }) => ({ poll }) },
  'message.deleted': {
    of: ({ message }) => [message.id],
    change: () => ({ poll: null, my_votes: [] }),
  },
}

/** M5: how I voted, told in my own stream. */
export const pollsApply: ApplyTable = {
  'vote.changed': (replica, { data: { message_id, choices } }) => {
    const timelines = { ...replica.timelines }
    let touched = false
    for (const [talk, timeline] of Object.entries(timelines)) {
      const held = timeline.messages.find((one) => one.id === message_id)
      if (held?.body.kind !== 'poll') continue
      const messages = timeline.messages.map((one) =>
        one === held ? { ...one, my_votes: choices } : one,
      )
      timelines[talk] = { ...timeline, messages }
      touched = true
    }
    return touched ? ({ ...replica, timelines } satisfies Replica) : replica
  },
}
