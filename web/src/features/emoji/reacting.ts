import { createStore, type StoreApi } from 'zustand/vanilla'
import { http } from '@/lib/http'
import type { Clock } from '@/sync/ports'
import type { Replica } from '@/sync/state'
import type { Reaction } from '@/wire/reactions'

/** The event of a change comes by the socket; this long it may stay away after the answer. */
const PATIENCE_MS = 5_000

/** What I want and the room does not show yet: message id and emoji → do I react? */
export type Wishes = Readonly<Record<string, boolean>>

export interface Reacting {
  wishes: StoreApi<Wishes>
  /** Shows at once, and takes it back where the server refuses. */
  set(message: { id: string; room_id: string }, emoji: string, mine: boolean): Promise<void>
}

export const wishKey = (messageId: string, emoji: string) => `${messageId} ${emoji}`

export interface ReactingPorts {
  clock: Clock
  /** Says why it did not work. */
  refused(error: unknown): void
  /** Calls `task` as soon as the room shows it so; returns the way to call it off. */
  whenShown(messageId: string, emoji: string, mine: boolean, task: () => void): () => void
  call?: typeof http
}

export function createReacting({
  clock,
  refused,
  whenShown,
  call = http,
}: ReactingPorts): Reacting {
  const wishes = createStore<Wishes>()(() => ({}))
  const drop = (key: string, mine: boolean) => {
    const { [key]: wish, ...others } = wishes.getState()
    if (wish === mine) wishes.setState(others, true)
  }
  return {
    wishes,
    set: async (message, emoji, mine) => {
      const key = wishKey(message.id, emoji)
      wishes.setState({ [key]: mine })
      const path = `rooms/${message.room_id}/messages/${message.id}/reactions/${encodeURIComponent(emoji)}`
      try {
        await call(mine ? 'PUT' : 'DELETE', path)
      } catch (error) {
        drop(key, mine)
        refused(error)
        return
      }
      let stop = () => {}
      const cancel = clock.after(PATIENCE_MS, () => {
        stop()
        drop(key, mine)
      })
      stop = whenShown(message.id, emoji, mine, () => {
        cancel()
        drop(key, mine)
      })
    },
  }
}

/** Does any talk that holds the message show me reacting so? */
export const isShown = (
  { timelines }: Pick<Replica, 'timelines'>,
  messageId: string,
  emoji: string,
  mine: boolean,
): boolean =>
  Object.values(timelines).some(({ messages }) =>
    messages.some(
      (one) =>
        one.id === messageId &&
        one.reactions.some((reaction) => reaction.emoji === emoji && reaction.mine) === mine,
    ),
  )

/** The reactions of a message as I wish them to be: pure. */
export function wished(
  reactions: readonly Reaction[],
  wishes: Wishes,
  messageId: string,
  myId: string,
): readonly Reaction[] {
  const prefix = `${messageId} `
  const mine = Object.entries(wishes).filter(([key]) => key.startsWith(prefix))
  if (mine.length === 0) return reactions
  let shown = reactions
  for (const [key, wish] of mine) shown = withWish(shown, key.slice(prefix.length), wish, myId)
  return shown
}

function withWish(
  shown: readonly Reaction[],
  emoji: string,
  wish: boolean,
  myId: string,
): readonly Reaction[] {
  const before = shown.find((one) => one.emoji === emoji)
  if ((before?.mine ?? false) === wish) return shown
  if (!before) {
    const since = Number.MAX_SAFE_INTEGER
    return [...shown, { emoji, count: 1, accounts: [myId], since, mine: true }]
  }
  const after = {
    ...before,
    count: before.count + (wish ? 1 : -1),
    mine: wish,
    accounts: wish ? [...before.accounts, myId] : before.accounts.filter((id) => id !== myId),
  }
  return shown.flatMap((one) => (one !== before ? [one] : after.count > 0 ? [after] : []))
}
