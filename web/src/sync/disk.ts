import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from 'idb'
import type { Account, Device, OwnAccount } from '@/wire/accounts'
import type { RoomSnapshot } from '@/wire/sync'
import type { Held } from './beside'
import type { Clock } from './ports'
import type { Draft, Intent, OwnThings } from './state'
import type { Span } from './timeline'

/**
 * Two databases for each account on this server (the browser keeps origins apart): `cache` can be
 * fetched again and is deleted when it does not open; `mine` holds words that exist nowhere else,
 * so its shape stays simple and nothing ever deletes it by itself.
 */

/** Raise it when a stored shape changes: the old cache is dropped, not migrated. */
const CACHE_VERSION = 6
const MINE_VERSION = 2
const OPEN_WATCHDOG_MS = 2_000

export interface Meta {
  key: 'me'
  cursor: string
  account: OwnAccount
  head: number
  devices: readonly Device[]
  own: OwnThings
}

export interface StoredSpan {
  room_id: string
  span: Span
}

export interface CacheSchema extends DBSchema {
  meta: { key: 'me'; value: Meta }
  rooms: { key: string; value: RoomSnapshot & { id: string } }
  messages: { key: [room: string, seq: number]; value: Held }
  spans: { key: string; value: StoredSpan }
  accounts: { key: string; value: Account }
}

export interface MineSchema extends DBSchema {
  outbox: { key: string; value: Intent }
  written: { key: string; value: Draft }
  /** Of version 1, by room alone. */
  drafts: { key: string; value: Pick<Draft, 'room_id' | 'text' | 'reply_to' | 'saved_at'> }
}

export type CacheDb = IDBPDatabase<CacheSchema>
export type MineDb = IDBPDatabase<MineSchema>

const cacheName = (accountId: string) => `tertulia.cache.${accountId}`
const mineName = (accountId: string) => `tertulia.mine.${accountId}`
/** Of files on their way to the server, kept by what sends them. */
export const uploadsName = (accountId: string) => `tertulia.uploads.${accountId}`

/** Null where this browser cannot keep anything (private mode, a full disk, a stuck upgrade). */
export async function openCache(accountId: string, clock: Clock): Promise<CacheDb | null> {
  const name = cacheName(accountId)
  const open = () =>
    watched(clock, (blocked) =>
      openDB<CacheSchema>(name, CACHE_VERSION, {
        upgrade(db) {
          for (const old of db.objectStoreNames) db.deleteObjectStore(old)
          db.createObjectStore('meta', { keyPath: 'key' })
          db.createObjectStore('rooms', { keyPath: 'id' })
          db.createObjectStore('messages', { keyPath: ['room_id', 'seq'] })
          db.createObjectStore('spans', { keyPath: 'room_id' })
          db.createObjectStore('accounts', { keyPath: 'id' })
        },
        blocked,
        // Another tab brings a newer build: let it through, this one goes on in memory.
        blocking: (_current, _next, event) => (event.target as IDBDatabase).close(),
      }),
    )
  try {
    return await open()
  } catch (error) {
    if (error instanceof Stuck) return null
  }
  // Broken or from a newer build: everything in it can be fetched again.
  try {
    await watched(clock, () => deleteDB(name))
    return await open()
  } catch {
    return null
  }
}

/** Null where it does not open; then it is left alone for another day. */
export async function openMine(accountId: string, clock: Clock): Promise<MineDb | null> {
  try {
    return await watched(clock, (blocked) =>
      openDB<MineSchema>(mineName(accountId), MINE_VERSION, {
        async upgrade(db, from, _to, tx) {
          if (from < 1) db.createObjectStore('outbox', { keyPath: 'id' })
          const written = db.createObjectStore('written', { keyPath: 'id' })
          if (from !== 1) return
          for (const old of await tx.objectStore('drafts').getAll()) {
            await written.put({ ...old, id: old.room_id, thread: null, dirty: true, pushed: null })
          }
          db.deleteObjectStore('drafts')
        },
        blocked,
        blocking: (_current, _next, event) => (event.target as IDBDatabase).close(),
      }),
    )
  } catch {
    return null
  }
}

/** Signing out: nothing of this account stays on the machine. */
export async function wipe(accountId: string): Promise<void> {
  await Promise.allSettled(
    [cacheName, mineName, uploadsName].map((name) => deleteDB(name(accountId))),
  )
}

class Stuck extends Error {}

/** IndexedDB can hang without an error (Firefox deadlocks, upgrades blocked by another tab). */
function watched<Result>(
  clock: Clock,
  open: (blocked: () => void) => Promise<Result>,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const stuck = () => reject(new Stuck())
    const cancel = clock.after(OPEN_WATCHDOG_MS, stuck)
    open(stuck).then(resolve, reject).finally(cancel)
  })
}
