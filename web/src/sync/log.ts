import type { Event, EventPage, RoomSnapshot } from '@/wire/sync'
import type { Dispatch } from './dispatch'
import { type Clock, isRefusal, type Rest } from './ports'
import { applyEvent, applyEvents, forgetRoom, headOf, roomOf, takeRoom } from './reducer'
import type { Replica } from './state'

/** How long a hole may close by itself before we ask (E3). */
const HOLE_PATIENCE_MS = 300
const RETRY_MS = 2_000
/** Early events kept per stream; beyond it the fetch brings them anyway. */
const EARLY_KEPT = 1_000

export interface LogPorts {
  read(): Replica
  write(change: (replica: Replica) => Replica): void
  dispatch: Dispatch
  rest: Pick<Rest, 'room' | 'roomEvents' | 'myEvents'>
  clock: Clock
  /** A fact was applied that is no old story: somebody may want to say it aloud. */
  told?(event: Event): void
  /** I marked a room unread, on some device of mine. */
  unread?(roomId: string): void
}

export interface Log {
  /** An event from anywhere: socket, REST or an ack of mine. */
  receive(event: Event): void
  /** S4: from here on events wait. */
  hold(): void
  /** S4: the answer is applied; now E3 decides about those that waited. */
  release(): void
  /** S6: takes a room's snapshot, because I joined it or was away too long. */
  fetchRoom(roomId: string): Promise<void>
  /** Events that reached the replica by another way (`GET sync`): what they ask of us is done. */
  noticed(events: readonly Event[]): void
  close(): void
}

/** Applies what comes in order, keeps what comes early, asks for what does not come (E3, S5, S6). */
export function createLog(ports: LogPorts): Log {
  const { read, write, dispatch, rest, clock } = ports
  const early = new Map<string, Map<number, Event>>()
  const patience = new Map<string, () => void>()
  const filling = new Set<string>()
  const again = new Set<string>()
  /** `seq` in my account stream at which I left a room, by room id. */
  const left = new Map<string, number>()
  let held: Event[] | null = null
  let closed = false

  function receive(event: Event): void {
    if (held) held.push(event)
    else admit(event)
  }

  function admit(event: Event): void {
    const head = headOf(read(), event.stream)
    if (head !== null && event.seq <= head) {
      knownAlready(event)
      return
    }
    if (head === null || event.seq > head + 1) {
      keep(event)
      watch(event.stream)
      return
    }
    applyOne(event)
    drain(event.stream)
  }

  /** S6: `sync` may have told of a joining before the socket was brought into the room. What was
   * said in between comes by neither, so the room is looked at again. */
  function knownAlready(event: Event): void {
    if (event.type === 'room.joined') follow(event)
  }

  function applyOne(event: Event): void {
    write((replica) => applyEvent(dispatch, replica, event))
    follow(event)
  }

  /** What a fact of my account asks of us beyond the reducer. */
  function follow(event: Event): void {
    const roomId = (event.data as { room_id?: string } | null)?.room_id
    if (event.type === 'room.joined' && roomId) void fetchRoom(roomId)
    // R9: what comes back is not in the fact.
    if (event.type === 'message.hidden' && roomId) {
      if (!(event.data as { hidden: boolean }).hidden) void fetchRoom(roomId)
    }
    ports.told?.(event)
    if (event.type === 'room.unread' && roomId) {
      ports.unread?.(roomId)
      // R4: told as of an earlier place in the room than ours.
      const { head } = event.data as { head: number }
      if ((headOf(read(), `room:${roomId}`) ?? 0) > head) void fetchRoom(roomId)
    }
    if (event.type === 'room.left' && roomId) {
      left.set(roomId, event.seq)
      forget(`room:${roomId}`)
    }
  }

  function keep(event: Event): void {
    const kept = early.get(event.stream) ?? new Map<number, Event>()
    if (kept.size < EARLY_KEPT) kept.set(event.seq, event)
    early.set(event.stream, kept)
  }

  /** Applies the early events whose turn has come, and drops those whose turn is over. */
  function drain(stream: string): void {
    const kept = early.get(stream)
    if (!kept) return
    for (;;) {
      const head = headOf(read(), stream)
      if (head === null) return
      for (const [seq, event] of kept) {
        if (seq > head) continue
        kept.delete(seq)
        knownAlready(event)
      }
      const next = kept.get(head + 1)
      if (!next) break
      kept.delete(next.seq)
      applyOne(next)
    }
    if (kept.size === 0) forget(stream)
  }

  function forget(stream: string): void {
    early.delete(stream)
    patience.get(stream)?.()
    patience.delete(stream)
  }

  function watch(stream: string, ms = HOLE_PATIENCE_MS): void {
    if (closed || patience.has(stream) || filling.has(stream)) return
    const cancel = clock.after(ms, () => {
      patience.delete(stream)
      void fill(stream)
    })
    patience.set(stream, cancel)
  }

  async function fill(stream: string): Promise<void> {
    if (closed || filling.has(stream) || !early.has(stream)) return
    filling.add(stream)
    let failed = false
    try {
      const roomId = roomOf(stream)
      if (headOf(read(), stream) !== null) await ask(stream)
      else if (roomId !== null) await takeSnapshotOf(roomId)
      else early.delete(stream)
    } catch (error) {
      if (!isRefusal(error)) throw error
      failed = true
    } finally {
      filling.delete(stream)
    }
    settle(stream, failed)
  }

  function settle(stream: string, failed: boolean): void {
    drain(stream)
    if (closed) return
    const roomId = roomOf(stream)
    if (again.delete(stream) && roomId !== null) void fetchRoom(roomId)
    else if (early.has(stream)) watch(stream, failed ? RETRY_MS : HOLE_PATIENCE_MS)
  }

  async function ask(stream: string): Promise<void> {
    const roomId = roomOf(stream)
    for (;;) {
      const head = headOf(read(), stream)
      if (head === null || closed) return
      const page: EventPage =
        roomId === null ? await rest.myEvents(head) : await rest.roomEvents(roomId, head)
      if (page.too_long && roomId !== null) return takeSnapshotOf(roomId)
      takePage(page)
      const reached = headOf(read(), stream)
      if (reached === null || reached >= page.head || reached === head) return
    }
  }

  function takePage(page: EventPage): void {
    const before = read()
    write((replica) => applyEvents(dispatch, replica, page.events))
    for (const event of page.events) {
      if (event.seq > (headOf(before, event.stream) ?? 0)) follow(event)
    }
  }

  async function takeSnapshotOf(roomId: string): Promise<void> {
    let snapshot: RoomSnapshot
    const account = read().head
    try {
      snapshot = await rest.room(roomId)
    } catch (error) {
      if (!isGone(error)) throw error
      forget(`room:${roomId}`)
      write((replica) => forgetRoom(replica, roomId))
      return
    }
    // Read before I left, told after: the account stream knows better, and asks again on joining.
    if ((left.get(roomId) ?? 0) > account) return
    write((replica) => takeRoom(replica, snapshot))
  }

  async function fetchRoom(roomId: string): Promise<void> {
    const stream = `room:${roomId}`
    if (filling.has(stream)) {
      again.add(stream)
      return
    }
    filling.add(stream)
    let failed = false
    try {
      await takeSnapshotOf(roomId)
    } catch (error) {
      if (!isRefusal(error)) throw error
      failed = true
    } finally {
      filling.delete(stream)
    }
    if (failed && !closed) clock.after(RETRY_MS, () => void fetchRoom(roomId))
    settle(stream, failed)
  }

  return {
    receive,
    hold: () => {
      held ??= []
    },
    release: () => {
      const waited = held ?? []
      held = null
      for (const event of waited) admit(event)
    },
    fetchRoom,
    noticed: (events) => {
      for (const event of events) {
        const { type, seq, data } = event
        const roomId = (data as { room_id?: string } | null)?.room_id
        if (type === 'room.unread') follow(event)
        if (type === 'room.left' && roomId) left.set(roomId, seq)
      }
    },
    close: () => {
      closed = true
      for (const cancel of patience.values()) cancel()
      patience.clear()
      early.clear()
    },
  }
}

const isGone = (error: unknown) =>
  isRefusal(error) && (error.code === 'not_found' || error.code === 'banned')
