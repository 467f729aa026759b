import type { StoreApi } from 'zustand/vanilla'
import type { Keeper } from './keeper'
import type { Whispers } from './leader'
import type { Intent, Replica, State } from './state'
import { emptyTimeline } from './timeline'

/** What tabs tell each other about my words. */
export type Whisper = { put: Intent } | { drop: string } | { drafts: State['drafts'] }

interface SharedWordsParts {
  store: StoreApi<State>
  keeper: Pick<Keeper, 'mine' | 'keepMine'>
  whispers(heard: (said: Whisper) => void): Whispers<Whisper>
  /** Another tab wrote something that may be ready to go out. */
  heard(): void
}

export interface SharedWords {
  /** Reads what I wrote on an earlier visit; what I wrote while the disk opened goes after it. */
  restore(): Promise<void>
  close(): void
}

/** Outbox and drafts: on disk as soon as they change, and the same in all my tabs. */
export function shareWords({ store, keeper, whispers, heard }: SharedWordsParts): SharedWords {
  /** What comes from the disk or from another tab is kept already, and known there. */
  let quiet = false
  const channel = whispers(hear)
  const unsubscribe = store.subscribe((now, before) => {
    if (quiet || (now.outbox === before.outbox && now.drafts === before.drafts)) return
    keeper.keepMine(before, now)
    tell(before, now)
  })

  function setQuietly(change: Partial<State>): void {
    quiet = true
    store.setState(change)
    quiet = false
  }

  function tell(before: State, now: State): void {
    const had = new Set(before.outbox)
    for (const intent of now.outbox) if (!had.has(intent)) channel.tell({ put: intent })
    const ids = new Set(now.outbox.map((intent) => intent.id))
    for (const intent of before.outbox) if (!ids.has(intent.id)) channel.tell({ drop: intent.id })
    if (now.drafts !== before.drafts) channel.tell({ drafts: now.drafts })
  }

  function hear(said: Whisper): void {
    const state = store.getState()
    if ('drafts' in said) setQuietly({ drafts: said.drafts })
    else if ('drop' in said) {
      setQuietly({ outbox: state.outbox.filter((intent) => intent.id !== said.drop) })
    } else setQuietly({ outbox: unsaid(withIntent(state.outbox, said.put), state) })
    heard()
  }

  return {
    restore: async () => {
      const mine = await keeper.mine()
      const early = store.getState()
      setQuietly(mine)
      store.setState({
        outbox: [...mine.outbox, ...early.outbox],
        drafts: { ...mine.drafts, ...early.drafts },
      })
    },
    close: () => {
      unsubscribe()
      channel.close()
    },
  }
}

function withIntent(outbox: readonly Intent[], put: Intent): readonly Intent[] {
  const known = outbox.some((intent) => intent.id === put.id)
  return known ? outbox.map((intent) => (intent.id === put.id ? put : intent)) : [...outbox, put]
}

/** Leaves out what has become a message; the same array where nothing has. */
export function unsaid(outbox: readonly Intent[], replica: Replica): readonly Intent[] {
  if (outbox.length === 0) return outbox
  const left = outbox.filter((intent) => {
    if (intent.kind !== 'send') return true
    if (intent.seq !== null && (replica.rooms[intent.room_id]?.head ?? 0) >= intent.seq) {
      return false
    }
    // The newest are at the end, and that is where it will be.
    const { messages } = replica.timelines[intent.thread ?? intent.room_id] ?? emptyTimeline
    return messages.findLast((message) => message.client_id === intent.id) === undefined
  })
  return left.length === outbox.length ? outbox : left
}
