import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Ephemera } from '@/wire/events'
import type { ExportProgress } from '@/wire/exporting'
import type { Message } from '@/wire/messages'
import type { Member } from '@/wire/rooms'
import type { Event } from '@/wire/sync'
import { asSeenByOthers } from './accounts-apply'
import { createCatchUp } from './catch-up'
import { createDelivering } from './delivering'
import { dispatchTo, type Tables } from './dispatch'
import { createDrafts } from './drafts'
import { createEphemera, type EphemeraState } from './ephemera'
import { createHistory, type History } from './history'
import type { Keeper } from './keeper'
import type { Leadership, Whispers } from './leader'
import { createLog } from './log'
import { createOutbox, revived } from './outbox'
import type { Clock, Rest, Wire } from './ports'
import { createReading, type Reading } from './reading'
import { createReceipts, takeReceipts } from './receipts'
import { headsOf } from './reducer'
import { shareWords, unsaid, type Whisper } from './shared-words'
import { emptyState, type Intent, type Replica, type State } from './state'
import { createWords, type Words } from './words'

/** The banner waits this long: most reconnects are over by then. */
const OFFLINE_AFTER_MS = 2_000

export interface EngineParts {
  wire: Wire
  rest: Rest
  clock: Clock
  tables: Tables
  keeper: Keeper
  /** Begins to run for leader of this account's tabs. */
  elect(won: () => void): Leadership
  whispers(heard: (said: Whisper) => void): Whispers<Whisper>
}

/** Everything a screen may ask of sync. One for each signed-in account and tab. */
export interface Engine extends Pick<History, 'load' | 'seqOf' | 'know'> {
  store: StoreApi<State>
  words: Words
  /** Hears facts as they are applied, for what is said aloud; gives the way to stop. */
  onFact(ear: (event: Event) => void): () => void
  /** Hears how far exports of mine are; gives the way to stop. */
  onProgress(ear: (progress: ExportProgress) => void): () => void
  markRead: Reading['markRead']
  /** Unread from this message on, and not read again by looking until `look` says so. */
  markUnread: Reading['markUnread']
  /** The room came to the front: looking at it is reading it. */
  look: Reading['look']
  /** I have seen everything up to `seq` of a thread. */
  readThread(roomId: string, rootId: string, seq: number): void
  askPresence: EphemeraState['askPresence']
  /** For ephemera of mine: typing, away. */
  mutter: Wire['mutter']
  fetchRoom(roomId: string): Promise<void>
  /** Members of a channel, fetched by the one who shows them; events keep them true from here. */
  takeRoster(roomId: string, members: readonly Member[]): void
  hurry(): void
  /** The session is over: words wait, nothing is sent. */
  endSession(): void
  /** Somebody signed in again as the same account. */
  resumeSession(): void
  /** Paints from disk first, then asks the network. `roomId` is the room in front. */
  start(roomId: string | null): Promise<void>
  /** Ends everything this engine began. Safe to call twice. */
  stop(): Promise<void>
}

export function createEngine(parts: EngineParts): Engine {
  const { wire, rest, clock, tables, keeper } = parts
  const store = createStore<State>()(() => emptyState)
  const dispatch = dispatchTo(tables)
  let cursor: string | null = null
  let cancelOffline: (() => void) | null = null
  let stopped = false
  let painted: () => void = () => {}
  /** Pages fetched before the disk was read would be overwritten by it. */
  const readFromDisk = new Promise<void>((resolve) => {
    painted = resolve
  })

  const read = () => store.getState()
  const set = (change: Partial<State>) => store.setState(change)
  /** The only way the replica changes. An intent that has become a message is done in one breath. */
  const write = (change: (replica: Replica) => Replica) => {
    const before = read()
    const next = change(before)
    const outbox = unsaid(before.outbox, next)
    set({ ...next, outbox })
    if (outbox !== before.outbox) box.pump()
  }
  const leadership = parts.elect(() => {
    set({ outbox: read().outbox.map(revived) })
    box.pump()
    delivering.resume()
  })
  const box = createOutbox({
    read: () => read().outbox,
    write: (change) => set({ outbox: change(read().outbox) }),
    wire,
    clock,
    leads: () => leadership.leads() && !read().signedOut,
    answered,
    refused: endSession,
  })
  const ears = new Set<(event: Event) => void>()
  const watching = new Set<(progress: ExportProgress) => void>()
  const log = createLog({
    read,
    write,
    dispatch,
    rest,
    clock,
    unread: (roomId) => reading.wentBack(roomId),
    told: (event) => {
      for (const ear of ears) ear(event)
      if (upsetting.has(event.type)) void catchUp.run()
    },
  })
  const catchUp = createCatchUp({
    read,
    write,
    dispatch,
    log,
    rest,
    clock,
    online: wire.online,
    resumed: () => receipts.missed(),
    caughtUp: (now) => {
      cursor = now
      receipts.told()
      if (read().phase !== 'live') set({ phase: 'live' })
      keepCache()
    },
  })
  const drafts = createDrafts({
    store,
    wire,
    clock,
    leads: () => leadership.leads() && !read().signedOut,
  })
  const words = createWords({ read, write: set, clock, pump: box.pump, told: drafts.hurry })
  const reading = createReading({ read, write: set, wire, clock })
  const members = (roomId: string) =>
    [...(read().rooms[roomId]?.members ?? []), ...(read().rosters[roomId] ?? [])].map(
      (member) => member.account.id,
    )
  const ephemera = createEphemera({ read, write: set, wire, clock, members })
  const receipts = createReceipts({ read, write, wire })
  const delivering = createDelivering({ wire, clock, leads: () => leadership.leads() })
  const history = createHistory({ read, write, dispatch, rest })
  const shared = shareWords({ store, keeper, whispers: parts.whispers, heard: box.pump })
  const unsubscribe = store.subscribe((now, before) => {
    if (replicaParts.some((part) => now[part] !== before[part])) keepCache()
    if (now.phase === 'live' && now.rooms !== before.rooms) delivering.look(now.rooms)
  })

  const ownAsAuthor = () => {
    const { account } = read()
    return account && asSeenByOthers(account)
  }

  /** My own ack, as the event it stands for: E3 decides whether it is news. */
  function answered(intent: Intent, message: Message): void {
    const me = read().people[message.author_id] ?? ownAsAuthor()
    if (intent.kind === 'send' && me) {
      // What its files are only the event tells: until then the row stays as it is.
      if (!intent.files?.length) log.receive(sentEvent(message, me))
      // Said before and long applied? Then its event does not come again.
      set({ outbox: unsaid(read().outbox, read()) })
      const { body } = message
      const text = body.kind === 'text' || body.kind === 'files' ? body.text : null
      if (text !== null && text !== intent.text)
        words.edit(message.room_id, message.id, intent.text)
    } else if (intent.kind !== 'send') {
      const type = intent.kind === 'edit' ? 'message.edited' : 'message.deleted'
      // The ack names no `seq`: shows the change now, and lets the event count.
      write((replica) =>
        dispatch.apply(replica, { ...sentEvent(message, me), type, data: { message } }),
      )
    }
  }

  function keepCache(): void {
    if (cursor !== null && !stopped && leadership.leads()) keeper.keep(read(), cursor)
  }

  function online(now: boolean): void {
    cancelOffline?.()
    cancelOffline = null
    if (now) {
      set({
        connection: 'online',
        outbox: read().outbox.map((i) =>
          i.attempts > 0 && i.state === 'queued' ? { ...i, not_before: 0 } : i,
        ),
      })
      box.pump()
      drafts.resume()
      reading.resume()
      delivering.resume()
      return
    }
    set({ connection: 'connecting' })
    ephemera.forget()
    cancelOffline = clock.after(OFFLINE_AFTER_MS, () => set({ connection: 'offline' }))
  }

  function heardEvent(event: Event): void {
    if (event.type === 'message.sent' && event.actor && event.stream.startsWith('room:')) {
      const { thread } = (event.data as { message: Message }).message
      ephemera.spoke(thread ?? event.stream.slice(5), event.actor)
    }
    log.receive(event)
  }

  function endSession(): void {
    if (!read().signedOut) set({ signedOut: true })
  }

  async function start(roomId: string | null): Promise<void> {
    receipts.look(roomId)
    set({ memoryOnly: !(await keeper.open()) })
    // A leader from before the first read may trust what it reads: nobody else writes there.
    const trusts = leadership.leads()
    const [cached] = await Promise.all([keeper.first(roomId), shared.restore()])
    if (stopped) return
    if (cached) {
      set({ ...cached.replica, phase: 'cached' })
      const timelines = await keeper.timelines()
      if (stopped) return
      // A thread's replies are held only while its events are followed: not from visit to visit.
      const ofRooms = Object.entries(timelines).filter(([id]) => cached.replica.rooms[id])
      write((replica) => ({ ...replica, timelines: Object.fromEntries(ofRooms) }))
      cursor = cached.cursor
      if (trusts) keeper.trust(read(), cursor)
    }
    painted()
    catchUp.from(cursor)
    cancelOffline = clock.after(OFFLINE_AFTER_MS, () => {
      if (!wire.online()) set({ connection: 'offline' })
    })
    wire.connect({
      hello: catchUp.greeted,
      event: heardEvent,
      ephemeron: (name, data) => {
        if (name === 'receipts') {
          const { room_id, cursors } = data as Ephemera['receipts']
          write((replica) => takeReceipts(replica, room_id, cursors))
        } else if (name === 'export.progress') {
          for (const ear of watching) ear(data as ExportProgress)
        } else ephemera.heard(name, data)
      },
      connected: online,
      refused: endSession,
      heads: () => (cursor === null ? null : headsOf(read())),
    })
    await catchUp.run()
  }

  async function stop(): Promise<void> {
    if (stopped) return
    stopped = true
    cancelOffline?.()
    wire.close()
    for (const part of [
      log,
      catchUp,
      box,
      drafts,
      reading,
      delivering,
      ephemera,
      shared,
      leadership,
    ])
      part.close()
    unsubscribe()
    await keeper.close()
  }

  return {
    store,
    words,
    onFact: (ear) => {
      ears.add(ear)
      return () => ears.delete(ear)
    },
    onProgress: (ear) => {
      watching.add(ear)
      return () => watching.delete(ear)
    },
    markRead: reading.markRead,
    markUnread: reading.markUnread,
    look: (roomId) => {
      receipts.look(roomId)
      reading.look(roomId)
    },
    askPresence: ephemera.askPresence,
    mutter: wire.mutter,
    load: (roomId, anchor, thread) => readFromDisk.then(() => history.load(roomId, anchor, thread)),
    readThread: (roomId, rootId, seq) => {
      // Nobody waits for it: looking again says it again.
      wire.mutter('thread.read', { room_id: roomId, root_id: rootId, seq })
    },
    seqOf: history.seqOf,
    know: history.know,
    fetchRoom: log.fetchRoom,
    takeRoster: (roomId, members) =>
      write((replica) => ({ ...replica, rosters: { ...replica.rosters, [roomId]: members } })),
    hurry: wire.hurry,
    endSession,
    resumeSession: () => {
      set({
        signedOut: false,
        outbox: read().outbox.map((i) =>
          i.state === 'held' ? { ...i, state: 'queued', not_before: 0 } : i,
        ),
      })
      wire.hurry()
      box.pump()
    },
    start,
    stop,
  }
}

/** N4: after these another set of messages counts, and other receipts are mine to see. */
const upsetting: ReadonlySet<string> = new Set([
  'privacy.changed',
  'person.blocked',
  'person.unblocked',
])

/** What the cache keeps: typing or a draft must not wake the disk. */
const replicaParts = ['account', 'head', 'devices', 'own', 'rooms', 'timelines', 'people'] as const

const sentEvent = (message: Message, author: unknown): Event => ({
  stream: `room:${message.room_id}`,
  seq: message.seq,
  type: 'message.sent',
  at: message.sent_at,
  actor: message.author_id,
  data: { message, author },
})
