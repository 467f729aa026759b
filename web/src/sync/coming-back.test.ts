import { expect, test } from 'vitest'
import { messagesApply } from '@/features/messages/apply'
import { roomsApply } from '@/features/rooms/apply'
import type { Hello } from '@/wire/sync'
import { isBehind } from './catch-up'
import { createEngine } from './engine'
import { headsOf, takeSnapshot } from './reducer'
import { fakeServer } from './testing/fake-server'
import { fakeWire } from './testing/fake-wire'
import { memoryDisk } from './testing/memory-keeper'
import { testClock } from './testing/test-clock'

/** Alice, connected and in step; `asked` counts what she asks over HTTP. */
async function inStep({ tooLong = 12 } = {}) {
  const clock = testClock()
  const server = fakeServer({ tooLong })
  for (const id of ['alice', 'bob']) server.account(id)
  for (const roomId of ['green', 'blue']) {
    server.room(roomId)
    for (const id of ['alice', 'bob']) server.join(roomId, id)
  }
  const wire = fakeWire(server, 'alice', clock)
  let asked = 0
  const engine = createEngine({
    wire,
    rest: server.restOf('alice', async (answer) => {
      asked += 1
      return answer()
    }),
    clock,
    tables: { apply: [messagesApply, roomsApply], beside: [] },
    keeper: memoryDisk().keeper(),
    elect: (won) => {
      queueMicrotask(won)
      return { leads: () => true, close: () => {} }
    },
    whispers: () => ({ tell: () => {}, close: () => {} }),
  })
  void engine.start('green')
  await clock.pass(1_000)

  /** Cut, `meanwhile`, back again: how often she asked. */
  async function away(meanwhile: () => void): Promise<number> {
    const before = asked
    wire.cut()
    meanwhile()
    await clock.pass(2_000)
    return asked - before
  }
  const say = (room: string, n: number) => server.send(room, 'bob', `${room}-${n}`, `word ${n}`)
  const state = () => engine.store.getState()
  const fresh = () => takeSnapshot(server.snapshot('alice'))
  return { clock, server, engine, away, say, state, fresh }
}

test('W13: a short absence costs no request', async () => {
  const { away, say, state, fresh, engine } = await inStep()
  const asked = await away(() => {
    for (const n of [1, 2, 3]) say('green', n)
    say('blue', 1)
  })
  expect(asked).toBe(0)
  expect(state().rooms).toEqual(fresh().rooms)
  expect(state().timelines.green?.messages.map((m) => m.seq)).toHaveLength(3)
  await engine.stop()
})

test('W13: what is too much for the socket is fetched', async () => {
  const { away, say, state, fresh, engine } = await inStep({ tooLong: 4 })
  const asked = await away(() => {
    for (const n of [1, 2, 3, 4, 5]) say('green', n)
    say('blue', 1)
  })
  expect(asked).toBeGreaterThan(0)
  expect(state().rooms).toEqual(fresh().rooms)
  await engine.stop()
})

test('W13: rooms joined and left meanwhile are told by my own stream', async () => {
  const { away, server, state, fresh, engine } = await inStep()
  server.room('round', 'group')
  const asked = await away(() => {
    server.leave('blue', 'alice')
    server.join('round', 'bob')
    server.join('round', 'alice')
  })
  // The new room's snapshot (S6), and nothing else.
  expect(asked).toBe(1)
  expect(Object.keys(state().rooms).sort()).toEqual(['green', 'round'])
  expect(state().rooms).toEqual(fresh().rooms)
  expect(state().head).toBe(fresh().head)
  await engine.stop()
})

test('N3: what others read meanwhile is asked for, of the room in front', async () => {
  const { away, server, state, fresh, engine, clock } = await inStep()
  for (const id of ['round', 'square']) {
    server.room(id, 'group')
    for (const one of ['alice', 'bob']) server.join(id, one)
  }
  await clock.pass(2_000)
  engine.look('round')
  const read = () => {
    for (const id of ['round', 'square']) {
      const room = server.rooms.get(id)
      if (!room) throw new Error('no such room')
      room.cursors = [{ account_id: 'bob', delivered_seq: 2, read_seq: 2 }]
    }
  }
  expect(await away(read)).toBe(0)
  expect(state().rooms.round?.receipts).toEqual(fresh().rooms.round?.receipts)
  expect(state().rooms.square?.receipts).toEqual([])
  engine.look('square')
  await clock.pass(1_000)
  expect(state().rooms.square?.receipts).toEqual(fresh().rooms.square?.receipts)
  await engine.stop()
})

test('S3: a room left and joined again is taken anew', async () => {
  const { away, say, server, state, fresh, engine } = await inStep()
  await away(() => {
    server.leave('blue', 'alice')
    say('blue', 1)
    server.join('blue', 'alice')
    say('blue', 2)
  })
  expect(state().rooms).toEqual(fresh().rooms)
  await engine.stop()
})

test('W13: what is on its way is not fetched, what is not is', async () => {
  const { state, engine } = await inStep()
  const own = 'account:alice'
  const held = headsOf(state())
  const hello = (more: Record<string, number>, replayed: string[]) =>
    ({ account_id: 'alice', heads: { ...held, ...more }, replayed }) as unknown as Hello
  const green = held['room:green'] ?? 0
  const mine = held[own] ?? 0
  expect(isBehind(state(), hello({}, []))).toBe(false)
  expect(isBehind(state(), hello({ 'room:green': green + 1 }, ['room:green']))).toBe(false)
  expect(isBehind(state(), hello({ 'room:green': green + 1 }, ['room:blue']))).toBe(true)
  expect(isBehind(state(), hello({ 'room:new': 4 }, []))).toBe(true)
  expect(isBehind(state(), hello({ 'room:new': 4, [own]: mine + 1 }, [own]))).toBe(false)
  const { 'room:blue': _left, ...others } = held
  const without = (replayed: string[]) => ({ ...hello({}, replayed), heads: others })
  expect(isBehind(state(), without([]))).toBe(true)
  expect(isBehind(state(), without([own]))).toBe(false)
  await engine.stop()
})

test('W13: of very many rooms those that spoke last are told', async () => {
  const { server, engine, state, fresh } = await inStep()
  const [room] = Object.values(fresh().rooms)
  if (!room) throw new Error('alice is in a room')
  const rooms = Object.fromEntries(
    Array.from({ length: 700 }, (_, n) => {
      const joined_at = new Date(Date.UTC(2026, 0, 1) + n * 1_000).toISOString()
      return [`r${n}`, { ...room, id: `r${n}`, last_message: null, me: { ...room.me, joined_at } }]
    }),
  )
  const told = Object.keys(headsOf({ ...state(), rooms }))
  expect(told).toHaveLength(500)
  expect(told).toContain('account:alice')
  expect(told).toContain('room:r699')
  expect(told).not.toContain('room:r0')
  expect(server.rooms.size).toBe(2)
  await engine.stop()
})
