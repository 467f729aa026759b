import type { BesideTable } from '@/sync/beside'

/** M: what links lead to is found later than the words, and told whole each time. */
export const previewsBeside: BesideTable = {
  'message.previewed': {
    of: ({ message_id }) => [message_id],
    change: (_, { previews }) => ({ previews }),
  },
  'message.deleted': { of: ({ message }) => [message.id], change: () => ({ previews: [] }) },
}
