import type { BesideTable } from '@/sync/beside'

/** R11: a star is told in my own stream. */
export const starsBeside: BesideTable = {
  'star.changed': {
    of: ({ message_id }) => [message_id],
    change: (_, { starred }) => ({ starred }),
  },
}
