import type { DeleteIntent, EditIntent, Intent } from '@/sync/state'

/** What I asked to change about one message, until the server answered. */
export const changeOf = (
  outbox: readonly Intent[],
  messageId: string,
): EditIntent | DeleteIntent | undefined =>
  outbox.findLast(
    (intent): intent is EditIntent | DeleteIntent =>
      intent.kind !== 'send' && intent.message_id === messageId,
  )
