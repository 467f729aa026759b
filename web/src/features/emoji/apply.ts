import type { BesideTable } from '@/sync/beside'
import type { Reaction, ReactionChanged } from '@/wire/reactions'

/** M2. */
export const reactionsBeside: BesideTable = {
  'message.deleted': { of: ({ message }) => [message.id], change: () => ({ reactions: [] }) },
  'reaction.changed': {
    of: ({ message_id }) => [message_id],
    change: ({ reactions }, fact, _event, myId) => ({ reactions: changed(reactions, fact, myId) }),
  },
}

export function changed(
  reactions: readonly Reaction[],
  { account_id, added, emoji, count, accounts, since }: ReactionChanged,
  myId: string | null,
): Reaction[] {
  const before = reactions.find((one) => one.emoji === emoji)
  const others = reactions.filter((one) => one.emoji !== emoji)
  if (count === 0) return others
  const mine = account_id === myId ? added : (before?.mine ?? false)
  return [...others, { emoji, count, accounts, since, mine }].sort((a, b) => a.since - b.since)
}
