import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import { uploadsName } from '@/sync/disk'

/** An upload as this browser remembers it through a reload. */
export interface Kept {
  id: string
  room_id: string
  name: string
  size: number
  media_type: string
  /** Of the file, in milliseconds: tells it from another of the same name and size. */
  last_modified: number
  /** Where it grows on the server, once it has begun. */
  url: string | null
  file_id: string | null
  paused: boolean
  /** The tab that began it: without locks (plain http) nobody else goes on with it. */
  tab: string
}

interface Schema extends DBSchema {
  uploads: { key: string; value: Kept }
  bytes: { key: string; value: Blob }
}

/** Larger files are not copied: after a reload they have to be chosen again. */
export const KEPT_BYTES = 256 * 2 ** 20

/** What survives a reload. Where the browser keeps nothing, everything here does nothing. */
export interface Keep {
  all(): Promise<readonly Kept[]>
  get(id: string): Promise<Kept | null>
  put(kept: Kept): Promise<void>
  bytes(id: string): Promise<Blob | null>
  putBytes(id: string, blob: Blob): Promise<void>
  drop(id: string): Promise<void>
  close(): void
}

export function openKeep(accountId: string): Keep {
  const opening: Promise<IDBPDatabase<Schema> | null> = openDB<Schema>(uploadsName(accountId), 1, {
    upgrade(db) {
      db.createObjectStore('uploads', { keyPath: 'id' })
      db.createObjectStore('bytes')
    },
    // Another tab signs out, or brings a newer build.
    blocking: (_current, _next, event) => (event.target as IDBDatabase).close(),
  }).catch(() => null)

  /** Private windows, full disks and closed databases forget: uploads then live as long as the tab. */
  async function ask<Result>(
    task: (db: IDBPDatabase<Schema>) => Promise<Result>,
    otherwise: Result,
  ): Promise<Result> {
    const db = await opening
    if (!db) return otherwise
    try {
      return await task(db)
    } catch {
      return otherwise
    }
  }

  return {
    all: () => ask((db) => db.getAll('uploads'), []),
    get: (id) => ask(async (db) => (await db.get('uploads', id)) ?? null, null),
    put: (kept) => ask(async (db) => void (await db.put('uploads', kept)), undefined),
    bytes: (id) => ask(async (db) => (await db.get('bytes', id)) ?? null, null),
    async putBytes(id, blob) {
      if (blob.size > KEPT_BYTES) return
      await ask(async (db) => void (await db.put('bytes', blob, id)), undefined)
    },
    drop: (id) =>
      ask(async (db) => {
        const tx = db.transaction(['uploads', 'bytes'], 'readwrite')
        await Promise.all([
          tx.objectStore('uploads').delete(id),
          tx.objectStore('bytes').delete(id),
          tx.done,
        ])
      }, undefined),
    close: () => void opening.then((db) => db?.close()),
  }
}
