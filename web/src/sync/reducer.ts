import { byNewest } from '@/lib/text'
import type { Account } from '@/wire/accounts'
import type { MessageHidden } from '@/wire/hidden'
import type { Changes, Event, RoomSnapshot, Snapshot, StreamChanges } from '@/wire/sync'
import type { Page, ThreadPage } from '@/wire/timeline'
import type { BesideReducer, Held } from './beside'
import type { Dispatch } from './dispatch'
import { unquote } from './gone'
import { takeReceipts } from './receipts'
import { emptyReplica, ownOf, type Replica } from './state'
import { forgetThreads, reviseRoot, talksOf } from './threads'
import { type Anchor, addPage, coverSeq, emptyTimeline } from './timeline'

/**
 * The one way the replica changes: events from the socket, from REST and from our own acks, room
 * snapshots, pages of history. Everything here is pure.
 */

export const roomStream = (roomId: string) => `room:${roomId}`

/** The id of the room whose stream this is, or null for an account's. */
export const roomOf = (stream: string) => (stream.startsWith('room:') ? stream.slice(5) : null)

/** The last applied `seq` of a stream; null for a stream we know nothing of. */
export function headOf(replica: Replica, stream: string): number | null {
  const roomId = roomOf(stream)
  if (roomId !== null) return replica.rooms[roomId]?.head ?? null
  return replica.account && stream === `account:${replica.account.id}` ? replica.head : null
}

/** As many heads as the server takes (W13). */
const HEADS_TOLD = 500

/** What we hold, for the server: our own stream, and the rooms that spoke last. */
export function headsOf({ account, head, rooms }: Replica): Record<string, number> {
  const lately = Object.values(rooms)
    .sort((a, b) => byNewest(spokeAt(a), spokeAt(b)))
    .slice(0, account ? HEADS_TOLD - 1 : HEADS_TOLD)
    .map((room) => [roomStream(room.id), room.head] as const)
  return { ...(account && { [`account:${account.id}`]: head }), ...Object.fromEntries(lately) }
}

const spokeAt = (room: RoomSnapshot) => room.last_message?.sent_at ?? room.me.joined_at

/** Applies the event after the head of its stream. Anything else is a mistake of the caller (E3). */
export function applyEvent(dispatch: Dispatch, replica: Replica, event: Event): Replica {
  const next = besideMessages(dispatch.beside, dispatch.apply(replica, event), event)
  const roomId = roomOf(event.stream)
  if (roomId === null) return { ...next, head: event.seq }
  const room = next.rooms[roomId]
  if (!room) return next
  const timelines = { ...next.timelines }
  for (const talk of talksOf(next, roomId)) {
    timelines[talk] = coverSeq(timelines[talk] ?? emptyTimeline, event.seq)
  }
  return { ...next, rooms: { ...next.rooms, [roomId]: { ...room, head: event.seq } }, timelines }
}

/** Events about what stands beside messages, remembered against pages that were read before. */
const RECENT_KEPT = 200

/** What an event changes beside messages of its room; one of my own stream names the room. */
function besideMessages(beside: BesideReducer, replica: Replica, event: Event): Replica {
  const ids = beside.of(event)
  const roomId = roomOf(event.stream) ?? (event.data as { room_id?: string }).room_id
  if (ids.length === 0 || !roomId) return replica
  const recent = [...(replica.recent[roomId] ?? []), event].slice(-RECENT_KEPT)
  const known = { ...replica, recent: { ...replica.recent, [roomId]: recent } }
  const myId = replica.account?.id ?? null
  const rooted = ids.reduce(
    (held, id) => reviseRoot(held, id, (root) => beside.apply(root, event, myId)),
    known,
  )
  const timelines = { ...rooted.timelines }
  let touched = false
  for (const talk of talksOf(rooted, roomId)) {
    const timeline = timelines[talk]
    if (!timeline?.messages.some((message) => ids.includes(message.id))) continue
    const messages = timeline.messages.map((message) =>
      ids.includes(message.id) ? beside.apply(message, event, myId) : message,
    )
    timelines[talk] = { ...timeline, messages }
    touched = true
  }
  return touched ? { ...rooted, timelines } : rooted
}

/** Messages of a page that stood at `head` and `own_head`, with what was heard since. */
function caughtUp(
  dispatch: Dispatch,
  replica: Replica,
  roomId: string,
  page: Pick<Page, 'head' | 'own_head' | 'messages'>,
): readonly Held[] {
  const since = replica.recent[roomId] ?? []
  const myId = replica.account?.id ?? null
  const hidden = new Set(replica.rooms[roomId]?.me.hidden)
  return page.messages
    .filter((message) => !hidden.has(message.seq))
    .map((message) =>
      since.reduce((held, event) => dispatch.beside.apply(held, event, myId), {
        ...unquote(message, hidden),
        as_of: page.head,
        own_as_of: page.own_head,
      }),
    )
}

/** R9: I took the hiding of a message back after this page was read, which may lack it. */
export const lacks = (replica: Replica, roomId: string, page: Pick<Page, 'own_head'>): boolean =>
  (replica.recent[roomId] ?? []).some(
    ({ type, seq, data }) =>
      type === 'message.hidden' && seq > page.own_head && !(data as MessageHidden).hidden,
  )

/** Applies those of a run of events, in order, that follow the head; drops what is known. */
export function applyEvents(dispatch: Dispatch, replica: Replica, events: readonly Event[]) {
  return events.reduce((held, event) => {
    const head = headOf(held, event.stream)
    return head !== null && event.seq === head + 1 ? applyEvent(dispatch, held, event) : held
  }, replica)
}

/** Everything anew (S1 `reset`). */
export function takeSnapshot(snapshot: Snapshot): Replica {
  const fresh: Replica = {
    ...emptyReplica,
    account: snapshot.account,
    head: snapshot.head,
    devices: snapshot.devices,
    own: ownOf(snapshot),
  }
  return snapshot.rooms.reduce(takeRoom, fresh)
}

/** A room as it stands (S3, S5, S6). What was held of its history may have holes now: forget it. */
export function takeRoom(replica: Replica, room: RoomSnapshot): Replica {
  const held = replica.rooms[room.room.id]
  if (held && held.head > room.head) return replica
  const { [room.room.id]: _roster, ...rosters } = replica.rosters
  const { [room.room.id]: timeline, ...timelines } = replica.timelines
  // R9: a page that was read while more was hidden lacks what came back.
  const isSame = held?.head === room.head && !lacksAny(held.me.hidden, room.me.hidden)
  const kept = isSame && timeline ? { ...timelines, [room.room.id]: timeline } : timelines
  const apart = isSame ? replica : forgetThreads(replica, room.room.id)
  return meet(
    {
      ...replica,
      rooms: { ...replica.rooms, [room.room.id]: room },
      threads: apart.threads,
      timelines: onlyHeld(kept, replica, apart),
      rosters,
    },
    room.members.map((member) => member.account),
  )
}

function lacksAny(before: readonly number[], after: readonly number[]): boolean {
  const left = new Set(after)
  return before.some((seq) => !left.has(seq))
}

/** Without the timelines of threads that are held no more. */
function onlyHeld(
  timelines: Replica['timelines'],
  before: Replica,
  after: Replica,
): Replica['timelines'] {
  const gone = Object.keys(before.threads).filter((id) => !after.threads[id])
  if (gone.length === 0) return timelines
  return Object.fromEntries(Object.entries(timelines).filter(([id]) => !gone.includes(id)))
}

/** No trace of a room I am no longer in (S6). */
export function forgetRoom(held: Replica, roomId: string): Replica {
  const replica = forgetThreads(held, roomId)
  if (!replica.rooms[roomId] && !replica.timelines[roomId]) return replica
  const { [roomId]: _room, ...rooms } = replica.rooms
  const { [roomId]: _timeline, ...timelines } = replica.timelines
  const { [roomId]: _roster, ...rosters } = replica.rosters
  const drafts = replica.own.drafts.filter((draft) => draft.room_id !== roomId)
  return { ...replica, rooms, timelines, rosters, own: { ...replica.own, drafts } }
}

/** One page of the answer of `GET sync`. */
export function takeChanges(dispatch: Dispatch, replica: Replica, changes: Changes): Replica {
  if (changes.reset && changes.snapshot) return takeSnapshot(changes.snapshot)
  const caughtUp = changes.streams.reduce(
    (held, stream) => takeStream(dispatch, held, stream),
    replica,
  )
  const mine = new Set(changes.rooms)
  const gone = Object.keys(caughtUp.rooms).filter((roomId) => !mine.has(roomId))
  return changes.receipts.reduce(
    (held, { room_id, cursors }) => takeReceipts(held, room_id, cursors),
    gone.reduce(forgetRoom, caughtUp),
  )
}

function takeStream(dispatch: Dispatch, replica: Replica, changes: StreamChanges): Replica {
  return changes.snapshot
    ? takeRoom(replica, changes.snapshot)
    : applyEvents(dispatch, replica, changes.events)
}

/** A page of a room's history. */
export function takePage(
  dispatch: Dispatch,
  replica: Replica,
  roomId: string,
  page: Page,
  anchor: Anchor,
): Replica {
  if (!replica.rooms[roomId]) return replica
  const held = replica.timelines[roomId] ?? emptyTimeline
  const messages = caughtUp(dispatch, replica, roomId, page)
  const timeline = addPage(held, { ...page, messages }, anchor, replica.revised)
  return meet({ ...replica, timelines: { ...replica.timelines, [roomId]: timeline } }, page.people)
}

/** A page of a thread: its replies, and its root as it stands. */
export function takeThread(
  dispatch: Dispatch,
  replica: Replica,
  roomId: string,
  page: ThreadPage,
  anchor: Anchor,
): Replica {
  if (!replica.rooms[roomId]) return replica
  const { id } = page.root
  const [root, ...messages] = caughtUp(dispatch, replica, roomId, {
    ...page,
    messages: [page.root, ...page.messages],
  })
  if (!root) return replica
  const held = replica.timelines[id] ?? emptyTimeline
  const timeline = addPage(held, { ...page, messages }, anchor, replica.revised)
  const thread = { room_id: roomId, root, me: page.me }
  return meet(
    {
      ...replica,
      threads: { ...replica.threads, [id]: thread },
      timelines: { ...replica.timelines, [id]: timeline },
    },
    page.people,
  )
}

/** Remembers people; those already known in the same words keep their identity. */
export function meet(replica: Replica, people: readonly Account[]): Replica {
  const news = people.filter((person) => !same(replica.people[person.id], person))
  if (news.length === 0) return replica
  const known = Object.fromEntries(news.map((person) => [person.id, person]))
  return { ...replica, people: { ...replica.people, ...known } }
}

function same(a: Account | undefined, b: Account): boolean {
  return (
    a !== undefined && (Object.keys(b) as (keyof Account)[]).every((field) => a[field] === b[field])
  )
}
