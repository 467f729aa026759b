import { expect, test } from 'vitest'
import { messagesApply } from '@/features/messages/apply'
import { roomsApply } from '@/features/rooms/apply'
import type { Event } from '@/wire/sync'
import { dispatchTo } from './dispatch'
import { createLog } from './log'
import { emptyReplica, type Replica } from './state'
import { fakeServer } from './testing/fake-server'
import { testClock } from './testing/test-clock'

/** Alice in a room with Bob, her log, and every event the server published, to hand in as we like. */
function table({ tooLong = 100 } = {}) {
  const clock = testClock()
  const server = fakeServer({ tooLong })
  const events: Event[] = []
  for (const id of ['alice', 'bob']) server.account(id)
  server.room('green')
  for (const id of ['alice', 'bob']) server.join('green', id)
  server.listen((event, members) => members.has('alice') && events.push(event))
  const asked: string[] = []
  const rest = server.restOf('alice', async (answer) => answer())
  const snapshot = server.snapshot('alice')
  let replica: Replica = {
    account: snapshot.account,
    head: snapshot.head,
    devices: [],
    own: emptyReplica.own,
    rooms: Object.fromEntries(snapshot.rooms.map((room) => [room.room.id, room])),
    timelines: {},
    threads: {},
    people: {},
    rosters: {},
    recent: {},
    revised: [],
  }
  const log = createLog({
    read: () => replica,
    write: (change) => {
      replica = change(replica)
    },
    dispatch: dispatchTo({ apply: [messagesApply, roomsApply], beside: [] }),
    rest: {
      room: (id) => {
        asked.push(`room ${id}`)
        return rest.room(id)
      },
      roomEvents: (id, after) => {
        asked.push(`events after ${after}`)
        return rest.roomEvents(id, after)
      },
      myEvents: rest.myEvents,
    },
    clock,
  })
  const say = (n: number) => server.send('green', 'bob', `b${n}`, `word ${n}`)
  const texts = () =>
    (replica.timelines.green?.messages ?? []).map((m) => m.body.kind === 'text' && m.body.text)
  return { clock, server, events, asked, log, say, texts, replica: () => replica }
}

test('E3: what is known is dropped, what is next is applied', () => {
  const { log, events, say, texts, asked } = table()
  say(1)
  for (const event of [...events, ...events]) log.receive(event)
  expect(texts()).toEqual(['word 1'])
  expect(asked).toEqual([])
})

test('E3: a hole that closes by itself within 300 ms asks nobody', async () => {
  const { clock, log, events, say, texts, asked } = table()
  for (const n of [1, 2, 3]) say(n)
  const [first, second, third] = events
  if (!first || !second || !third) throw new Error('three events were published')
  log.receive(third)
  log.receive(second)
  expect(texts()).toEqual([])
  await clock.pass(250)
  log.receive(first)
  await clock.pass(1_000)
  expect(texts()).toEqual(['word 1', 'word 2', 'word 3'])
  expect(asked).toEqual([])
})

test('S5: a hole that stays open is fetched', async () => {
  const { clock, log, events, say, texts, asked } = table()
  for (const n of [1, 2, 3]) say(n)
  for (const event of events.slice(-1)) log.receive(event)
  await clock.pass(299)
  expect(asked).toEqual([])
  await clock.pass(2)
  expect(asked).toEqual(['events after 2'])
  expect(texts()).toEqual(['word 1', 'word 2', 'word 3'])
})

test('S5: a hole too long is a new snapshot, and the history held before is forgotten', async () => {
  const { clock, log, events, say, texts, asked, replica } = table({ tooLong: 3 })
  say(0)
  for (const event of events) log.receive(event)
  for (const n of [1, 2, 3, 4, 5]) say(n)
  for (const event of events.slice(-1)) log.receive(event)
  await clock.pass(400)
  expect(asked).toEqual(['events after 3', 'room green'])
  expect(texts()).toEqual([])
  expect(replica().rooms.green?.head).toBe(8)
  expect(replica().rooms.green?.me.unread).toHaveLength(6)
})

test('S4: while held, events wait; then E3 decides about each', () => {
  const { log, events, say, texts } = table()
  say(1)
  log.hold()
  for (const event of events) log.receive(event)
  expect(texts()).toEqual([])
  log.release()
  expect(texts()).toEqual(['word 1'])
})

test('S6: joining fetches the room, leaving forgets it', async () => {
  const { clock, server, log, events, replica } = table()
  server.room('round', 'group')
  server.join('round', 'alice')
  for (const event of events) log.receive(event)
  await clock.pass(0)
  expect(replica().rooms.round?.members).toHaveLength(1)
  server.leave('round', 'alice')
  for (const event of events) log.receive(event)
  expect(replica().rooms.round).toBeUndefined()
})

test('E5: an event of a type unknown to us still takes its place', () => {
  const { log, events, say, texts, replica } = table()
  const head = replica().rooms.green?.head ?? 0
  log.receive({
    stream: 'room:green',
    seq: head + 1,
    type: 'poll.opened',
    at: '2026-01-01T00:00:00Z',
    actor: 'bob',
    data: { question: '?' },
  })
  expect(replica().rooms.green?.head).toBe(head + 1)
  say(1)
  for (const event of events) log.receive({ ...event, seq: event.seq + 1 })
  expect(texts()).toEqual(['word 1'])
})

test('S6: a joining that sync told of first is looked at again when the socket tells it', async () => {
  const { clock, server, events, asked, log, replica } = table()
  server.room('blue')
  server.join('blue', 'alice')
  const joined = events.find((event) => event.type === 'room.joined' && event.seq > 1)
  if (!joined) throw new Error('the server did not tell of the joining')
  log.receive(joined)
  await clock.pass(0)
  expect(replica().head).toBe(joined.seq)
  asked.length = 0
  log.receive(joined)
  await clock.pass(0)
  expect(asked).toEqual(['room blue'])
})
