import {
  type Cached,
  readFirst,
  readTimelines,
  startOver,
  type Written,
  writeDifference,
} from './cache'
import { type CacheDb, type MineDb, openCache, openMine } from './disk'
import { revived } from './outbox'
import type { Clock } from './ports'
import type { Draft, Intent, Local, Replica } from './state'
import type { Timeline } from './timeline'

/** Events come in bursts; one transaction for each would keep the disk busy. */
const WRITE_EVERY_MS = 250

export type Mine = Pick<Local, 'outbox' | 'drafts'>

/** What this browser keeps between visits: the cache, and my own words. */
export interface Keeper {
  /** Never throws: false where this browser keeps nothing, and then everything read is empty. */
  open(): Promise<boolean>
  mine(): Promise<Mine>
  /** What the first paint needs. */
  first(roomId: string | null): Promise<Cached | null>
  /** The histories, after the first paint. */
  timelines(): Promise<Record<string, Timeline>>
  /** Writes what changed, soon. Only the leader may call it. */
  keep(replica: Replica, cursor: string): void
  /** Says that this is what the disk holds; without it the first write starts over. */
  trust(replica: Replica, cursor: string): void
  /** Writes my words now: they exist nowhere else. */
  keepMine(before: Mine, now: Mine): void
  close(): Promise<void>
}

export function createKeeper(accountId: string, clock: Clock): Keeper {
  let cache: CacheDb | null = null
  let mine: MineDb | null = null
  let written: Written | null = null
  let waiting: { replica: Replica; cursor: string } | null = null
  let cancel: (() => void) | null = null
  let writing: Promise<void> = Promise.resolve()

  async function flush(): Promise<void> {
    const due = waiting
    waiting = null
    if (!due || !cache) return
    try {
      written ??= await startOver(cache)
      written = await writeDifference(cache, written, due.replica, due.cursor)
    } catch {
      // A full disk or a closed database: the cache is only a convenience, and starts over later.
      written = null
    }
  }

  function flushSoon(): void {
    cancel ??= clock.after(WRITE_EVERY_MS, () => {
      cancel = null
      writing = writing.then(flush)
    })
  }

  return {
    open: async () => {
      ;[cache, mine] = await Promise.all([openCache(accountId, clock), openMine(accountId, clock)])
      return cache !== null && mine !== null
    },
    mine: () => readMine(mine),
    first: async (roomId) => (cache ? readFirst(cache, roomId).catch(() => null) : null),
    timelines: async () => (cache ? readTimelines(cache).catch(() => ({})) : {}),
    keep: (replica, cursor) => {
      waiting = { replica, cursor }
      flushSoon()
    },
    trust: (replica, cursor) => {
      written = { replica, cursor }
    },
    keepMine: (before, now) => {
      if (mine) void writeMine(mine, before, now).catch(() => {})
    },
    close: async () => {
      cancel?.()
      await writing
      await flush()
      cache?.close()
      mine?.close()
    },
  }
}

async function readMine(db: MineDb | null): Promise<Mine> {
  if (!db) return { outbox: [], drafts: {} }
  const tx = db.transaction(['outbox', 'written'])
  const [intents, drafts] = await Promise.all([
    tx.objectStore('outbox').getAll(),
    tx.objectStore('written').getAll(),
  ])
  return {
    // UUIDv7 keys: the order of the keys is the order of writing.
    outbox: intents.map(revived),
    drafts: Object.fromEntries(drafts.map((draft) => [draft.id, draft])),
  }
}

async function writeMine(db: MineDb, before: Mine, now: Mine): Promise<void> {
  const tx = db.transaction(['outbox', 'written'], 'readwrite', { durability: 'strict' })
  const writes = [
    ...changes(byId(before.outbox), byId(now.outbox), tx.objectStore('outbox')),
    ...changes(before.drafts, now.drafts, tx.objectStore('written')),
  ]
  await Promise.all([...writes, tx.done])
}

const byId = (intents: readonly Intent[]) =>
  Object.fromEntries(intents.map((intent) => [intent.id, intent]))

function changes<Row extends Intent | Draft>(
  before: Readonly<Record<string, Row>>,
  now: Readonly<Record<string, Row>>,
  store: { put(row: Row): Promise<unknown>; delete(key: string): Promise<unknown> },
): Promise<unknown>[] {
  const put = Object.entries(now).filter(([key, row]) => before[key] !== row)
  const dropped = Object.keys(before).filter((key) => !(key in now))
  return [...put.map(([, row]) => store.put(row)), ...dropped.map((key) => store.delete(key))]
}
