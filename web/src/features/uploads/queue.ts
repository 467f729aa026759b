import { createStore } from 'zustand'
import type { Upload, Uploads } from '@/lib/uploads'
import { uuid7 } from '@/lib/uuid7'
import { browserClock, type Clock } from '@/sync/ports'
import { type Carrier, tusCarrier } from './carrier'
import { type Keep, type Kept, openKeep } from './kept'
import { inOneTab, openTabs, tabName, type Verb } from './tabs'
import { newTask, type Task } from './task'
import { turns } from './turns'
import { drive } from './work'

/** Files that go to the server at the same time; the rest waits its turn. */
const AT_ONCE = 3
/** How often a store changes for progress alone, in milliseconds. */
const PROGRESS_EVERY_MS = 200

export interface Parts {
  carrier: Carrier
  keep: Keep
  clock: Clock
  /** Calls `back` whenever the network is there again; returns the way to stop listening. */
  onOnline(back: () => void): () => void
}

const browserParts = (accountId: string): Parts => ({
  carrier: tusCarrier(),
  keep: openKeep(accountId),
  clock: browserClock,
  onOnline(back) {
    addEventListener('online', back)
    return () => removeEventListener('online', back)
  },
})

/**
 * Uploads of one account, in all tabs: everyone sees them, and one tab at a time works on each.
 * What was begun goes on after a reload, a dropped line or a server's restart.
 */
export function createUploads(
  accountId: string,
  { carrier, keep, clock, onOnline }: Parts = browserParts(accountId),
): Uploads & { close(): void } {
  const store = createStore<{ all: Readonly<Record<string, Upload>> }>()(() => ({ all: {} }))
  const tasks = new Map<string, Task>()
  const line = turns(AT_ONCE)
  const closing = new AbortController()
  const tab = tabName()

  const tabs = openTabs(accountId, (whisper) => {
    if (whisper.kind === 'stands') place(whisper.upload)
    else if (whisper.kind === 'gone') vanish(whisper.id)
    else obey(whisper.verb, whisper.id)
  })

  function place(upload: Upload): void {
    store.setState(({ all }) => ({ all: { ...all, [upload.id]: upload } }))
  }

  function vanish(id: string): void {
    tasks.get(id)?.end()
    tasks.delete(id)
    store.setState(({ all: { [id]: _gone, ...all } }) => ({ all }))
  }

  /** What changed of an upload that this tab works on. */
  function show(id: string, change: Partial<Upload>): void {
    const before = store.getState().all[id]
    if (!before || closing.signal.aborted) return
    const upload = { ...before, ...change }
    place(upload)
    tabs.tell({ kind: 'stands', upload })
  }

  function take(kept: Kept, blob: Blob | null): void {
    if (tasks.has(kept.id) || closing.signal.aborted) return
    const task = newTask(kept, blob)
    tasks.set(kept.id, task)
    const parts = { carrier, keep, clock, line, show, every: PROGRESS_EVERY_MS }
    void inOneTab(`tertulia.upload.${kept.id}`, closing.signal, () => drive(task, parts)).then(
      () => {
        if (tasks.get(kept.id) === task) tasks.delete(kept.id)
      },
    )
  }

  /** What a verb means for who works on it; others have no task of that name. */
  function obey(verb: Verb, id: string): void {
    const task = tasks.get(id)
    if (verb === 'cancel' || verb === 'forget') vanish(id)
    else if (verb === 'pause') task?.pause()
    else task?.go()
  }

  function tell(verb: Verb, id: string): void {
    obey(verb, id)
    tabs.tell({ kind: 'do', verb, id })
  }

  async function letGo(id: string, atServer: boolean): Promise<void> {
    const url = tasks.get(id)?.kept.url ?? null
    tell(atServer ? 'cancel' : 'forget', id)
    const kept = await keep.get(id)
    await keep.drop(id)
    const known = url ?? kept?.url
    if (atServer && known) carrier.drop(known)
  }

  /** One that was chosen before, and whose bytes a reload took away. */
  function missing(roomId: string, file: File): Task | undefined {
    return [...tasks.values()].find(
      ({ kept, blob }) =>
        blob === null &&
        kept.room_id === roomId &&
        kept.name === file.name &&
        kept.size === file.size &&
        kept.last_modified === file.lastModified,
    )
  }

  async function recall(): Promise<void> {
    for (const kept of await keep.all()) {
      if (closing.signal.aborted) return
      if (store.getState().all[kept.id]) continue
      place(recalled(kept))
      // Without locks nobody may go on with what another tab perhaps works on.
      if (kept.file_id === null && (navigator.locks || kept.tab === tab)) {
        take(kept, await keep.bytes(kept.id))
      }
    }
  }
  void recall()

  const stopListening = onOnline(() => {
    for (const task of tasks.values()) task.hurry()
  })

  return {
    store,
    add(roomId, file) {
      const known = missing(roomId, file)
      if (known) {
        known.blob = file
        known.go()
        return known.kept.id
      }
      const kept: Kept = {
        id: uuid7(clock.now()),
        room_id: roomId,
        name: file.name,
        size: file.size,
        media_type: file.type,
        last_modified: file.lastModified,
        url: null,
        file_id: null,
        paused: false,
        tab,
      }
      place(recalled(kept))
      tabs.tell({ kind: 'stands', upload: recalled(kept) })
      void keep.put(kept)
      void keep.putBytes(kept.id, file)
      take(kept, file)
      return kept.id
    },
    pause: (id) => tell('pause', id),
    resume: (id) => tell('resume', id),
    retry: (id) => tell('retry', id),
    cancel: (id) => void letGo(id, true),
    forget: (id) => void letGo(id, false),
    blob: async (id) => tasks.get(id)?.blob ?? (await keep.bytes(id)),
    close() {
      closing.abort()
      for (const task of tasks.values()) task.end()
      tasks.clear()
      stopListening()
      tabs.close()
      keep.close()
    },
  }
}

const recalled = (kept: Kept): Upload => ({
  id: kept.id,
  room_id: kept.room_id,
  name: kept.name,
  size: kept.size,
  media_type: kept.media_type,
  sent: kept.file_id === null ? 0 : kept.size,
  speed: null,
  state: kept.file_id !== null ? 'done' : kept.paused ? 'paused' : 'waiting',
  file_id: kept.file_id,
  error: null,
})
