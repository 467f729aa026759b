import type { BesideTable } from '@/sync/beside'

/** M8: that I played one, and who played mine, is told in my own stream. */
export const voiceBeside: BesideTable = {
  'voice.listened': {
    of: ({ message_id }) => [message_id],
    change: ({ body }) => (body.kind === 'voice' ? { listened: true } : {}),
  },
  'voice.heard': {
    of: ({ message_id }) => [message_id],
    change: ({ body }, { listens }) => (body.kind === 'voice' ? { listens } : {}),
  },
}
