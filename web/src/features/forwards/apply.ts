import type { BesideTable } from '@/sync/beside'

/** How often a message went on (M3). */
export const forwardsBeside: BesideTable = {
  'forward.counted': {
    of: ({ message_id }) => [message_id],
    change: (_held, { count }) => ({ forwards: count }),
  },
}
