import type { BesideTable } from '@/sync/beside'

/** M5: how a poll stands, and, told in my own stream, how I voted. */
export const pollsBeside: BesideTable = {
  'poll.changed': { of: ({ message_id }) => [message_id], change: (_, { poll }) => ({ poll }) },
  'vote.changed': {
    of: ({ message_id }) => [message_id],
    change: ({ body }, { choices }) => (body.kind === 'poll' ? { my_votes: choices } : {}),
  },
  'message.deleted': {
    of: ({ message }) => [message.id],
    change: () => ({ poll: null, my_votes: [] }),
  },
}
