import type { Cached } from '../cache'
import type { Keeper, Mine } from '../keeper'
import { revived } from '../outbox'

/** A disk that survives the engines which use it, one after another. */
export function memoryDisk() {
  let cached: Cached | null = null
  let mine: Mine = { outbox: [], drafts: {} }
  return {
    mine: () => mine,
    keeper: (): Keeper => ({
      open: async () => true,
      mine: async () => structuredClone({ ...mine, outbox: mine.outbox.map(revived) }),
      first: async () => structuredClone(cached),
      timelines: async () => structuredClone(cached?.replica.timelines ?? {}),
      keep: (replica, cursor) => {
        const { account, head, devices, own, rooms, timelines, people, revised } = replica
        cached = {
          cursor,
          replica: {
            account,
            head,
            devices,
            own,
            rooms,
            timelines,
            threads: {},
            people,
            revised,
            rosters: {},
            recent: {},
          },
        }
      },
      trust: () => {},
      keepMine: (before, now) => {
        // Like the real one, by difference: it must not drop what it has not read.
        const ids = new Set(now.outbox.map((intent) => intent.id))
        const dropped = new Set(
          before.outbox.map((intent) => intent.id).filter((id) => !ids.has(id)),
        )
        const others = mine.outbox.filter(({ id }) => !dropped.has(id) && !ids.has(id))
        const outbox = [...others, ...now.outbox].sort((a, b) => (a.id < b.id ? -1 : 1))
        const gone = Object.keys(before.drafts).filter((id) => !now.drafts[id])
        const kept = Object.entries({ ...mine.drafts, ...now.drafts }).filter(
          ([id]) => !gone.includes(id),
        )
        mine = { outbox, drafts: Object.fromEntries(kept) }
      },
      close: async () => {},
    }),
  }
}
