import { byNewest } from '@/lib/text'
import type { RoomSnapshot } from '@/wire/sync'
import type { Held } from './beside'
import type { CacheDb, Meta, StoredSpan } from './disk'
import { emptyReplica, type Replica } from './state'
import { messagesIn, type Timeline } from './timeline'

/** Newest messages kept per room, and over all rooms: opening must stay quick. */
const ROOM_KEPT = 500
const TOTAL_KEPT = 20_000
/** Enough to fill any screen at the first paint. */
const FIRST_PAINT_ROWS = 60

export interface Cached {
  replica: Replica
  cursor: string
}

/** The part of a timeline worth keeping: the newest stretch without holes, cut to a bound. */
export function keepable(
  timeline: Timeline | undefined,
): { span: StoredSpan['span']; messages: readonly Held[] } | null {
  const span = timeline?.spans.at(-1)
  if (!timeline || !span) return null
  const all = messagesIn(timeline, span)
  const messages = all.slice(-ROOM_KEPT)
  const from = messages.length < all.length ? (messages[0]?.seq ?? span[0]) : span[0]
  return { span: [from, span[1]], messages }
}

/** What the first paint needs: everything but histories, and the end of one room's. */
export async function readFirst(db: CacheDb, roomId: string | null): Promise<Cached | null> {
  const tx = db.transaction(['meta', 'rooms', 'accounts', 'spans', 'messages'])
  const [meta, rooms, accounts] = await Promise.all([
    tx.objectStore('meta').get('me'),
    tx.objectStore('rooms').getAll(),
    tx.objectStore('accounts').getAll(),
  ])
  if (!meta) return null
  const stored = roomId === null ? undefined : await tx.objectStore('spans').get(roomId)
  const messages: Held[] = []
  if (stored && roomId !== null) {
    const range = IDBKeyRange.bound([roomId, stored.span[0]], [roomId, stored.span[1]])
    let cursor = await tx.objectStore('messages').openCursor(range, 'prev')
    while (cursor && messages.length < FIRST_PAINT_ROWS) {
      messages.unshift(cursor.value)
      cursor = await cursor.continue()
    }
  }
  const timelines: Record<string, Timeline> = {}
  if (stored && roomId !== null) {
    const whole = messages.length < FIRST_PAINT_ROWS
    const from = whole ? stored.span[0] : (messages[0]?.seq ?? stored.span[0])
    timelines[roomId] = { spans: [[from, stored.span[1]]], messages }
  }
  return {
    cursor: meta.cursor,
    replica: {
      ...emptyReplica,
      account: meta.account,
      head: meta.head,
      devices: meta.devices,
      own: meta.own,
      rooms: Object.fromEntries(rooms.map((room) => [room.id, room])),
      people: Object.fromEntries(accounts.map((account) => [account.id, account])),
      timelines,
    },
  }
}

/** The rest: all kept histories. Read before any event is applied, so that nothing is missed. */
export async function readTimelines(db: CacheDb): Promise<Record<string, Timeline>> {
  const tx = db.transaction(['spans', 'messages'])
  const [spans, messages] = await Promise.all([
    tx.objectStore('spans').getAll(),
    tx.objectStore('messages').getAll(),
  ])
  const byRoom = Map.groupBy(messages, (message) => message.room_id)
  return Object.fromEntries(
    spans.map(({ room_id, span }) => [
      room_id,
      { spans: [span], messages: byRoom.get(room_id) ?? [] },
    ]),
  )
}

/** What is on disk, so that the next write is only the difference. */
export interface Written {
  replica: Replica
  cursor: string | null
}

/** A tab that begins to lead does not know what the last leader left there: it starts over. */
export async function startOver(db: CacheDb): Promise<Written> {
  const stores = ['meta', 'rooms', 'messages', 'spans', 'accounts'] as const
  const tx = db.transaction(stores, 'readwrite')
  await Promise.all([...stores.map((name) => tx.objectStore(name).clear()), tx.done])
  return { replica: emptyReplica, cursor: null }
}

/**
 * Writes the difference between what is on disk and `now`, in one transaction: a cursor is never
 * newer than the rows it speaks of.
 */
export async function writeDifference(
  db: CacheDb,
  before: Written,
  now: Replica,
  cursor: string,
): Promise<Written> {
  const { account } = now
  if (!account) return before
  const tx = db.transaction(['meta', 'rooms', 'messages', 'spans', 'accounts'], 'readwrite', {
    durability: 'relaxed',
  })
  const writes: Promise<unknown>[] = []
  const rooms = tx.objectStore('rooms')
  for (const [id, room] of Object.entries(now.rooms)) {
    if (before.replica.rooms[id] !== room) writes.push(rooms.put({ ...room, id }))
  }
  for (const id of Object.keys(before.replica.rooms)) {
    if (!now.rooms[id]) writes.push(rooms.delete(id))
  }
  const accounts = tx.objectStore('accounts')
  for (const [id, person] of Object.entries(now.people)) {
    if (before.replica.people[id] !== person) writes.push(accounts.put(person))
  }
  const kept = affordable(now)
  const ids = new Set([...Object.keys(before.replica.timelines), ...Object.keys(kept)])
  for (const id of ids) {
    const was = before.replica.timelines[id]
    if (was === kept[id]) continue
    const old = keepable(was)
    const next = keepable(kept[id])
    writes.push(
      next
        ? tx.objectStore('spans').put({ room_id: id, span: next.span })
        : tx.objectStore('spans').delete(id),
    )
    for (const change of difference(old?.messages ?? [], next?.messages ?? [])) {
      const store = tx.objectStore('messages')
      writes.push(change.put ? store.put(change.put) : store.delete([id, change.drop]))
    }
  }
  const { head, devices, own } = now
  const meta: Meta = { key: 'me', cursor, account, head, devices, own }
  writes.push(tx.objectStore('meta').put(meta))
  await Promise.all([...writes, tx.done])
  return { replica: { ...now, timelines: kept }, cursor }
}

/** The timelines of the rooms that spoke last, as many as fit the bound. */
function affordable(replica: Replica): Record<string, Timeline> {
  const spokeAt = (room: RoomSnapshot | undefined) => room?.last_message?.sent_at ?? ''
  let room = TOTAL_KEPT
  const kept: Record<string, Timeline> = {}
  const newestFirst = Object.entries(replica.timelines)
    // A thread's replies are messages of its room: kept, they would stand in the room's talk.
    .filter(([id]) => replica.rooms[id])
    .sort(([a], [b]) => byNewest(spokeAt(replica.rooms[a]), spokeAt(replica.rooms[b])))
  for (const [id, timeline] of newestFirst) {
    const size = Math.min(timeline.messages.length, ROOM_KEPT)
    if (size > room) break
    room -= size
    kept[id] = timeline
  }
  return kept
}

type Change = { put: Held; drop?: never } | { drop: number; put?: never }

/** Both lists are in `seq` order, and a message that did not change is the same object. */
export function difference(old: readonly Held[], next: readonly Held[]): Change[] {
  const changes: Change[] = []
  const known = new Map(old.map((message) => [message.seq, message]))
  for (const message of next) {
    if (known.get(message.seq) !== message) changes.push({ put: message })
    known.delete(message.seq)
  }
  for (const seq of known.keys()) changes.push({ drop: seq })
  return changes
}
