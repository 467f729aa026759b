import type { BesideTable } from '@/sync/beside'

/** M3. */
export const pinsBeside: BesideTable = {
  'pin.changed': { of: ({ message_id }) => [message_id], change: (_, { pinned }) => ({ pinned }) },
  'message.deleted': { of: ({ message }) => [message.id], change: () => ({ pinned: null }) },
}
