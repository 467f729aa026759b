import fc from 'fast-check'
import { expect, test } from 'vitest'
import { messagesApply } from '@/features/messages/apply'
import { roomsApply } from '@/features/rooms/apply'
import { nothingBeside } from './beside'
import { createEngine, type Engine } from './engine'
import { takeSnapshot } from './reducer'
import { fakeServer } from './testing/fake-server'
import { fair, fakeWire, wait } from './testing/fake-wire'
import { memoryDisk } from './testing/memory-keeper'
import { testClock } from './testing/test-clock'
import { messagesIn } from './timeline'

/**
 * E6 and C2 from the client's side: whatever the network does, a client that was there all the
 * time ends where one that just came would begin, and everything it said is said once.
 */

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('say'), room: fc.nat(1), who: fc.nat(1) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('reply'), room: fc.nat(1), who: fc.nat(1) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('edit'), room: fc.nat(1), who: fc.nat(1) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('remove'), room: fc.nat(1), who: fc.nat(1) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('read'), room: fc.nat(1), who: fc.nat(1) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('load'), room: fc.nat(1), who: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('hop'), room: fc.nat(1), who: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cut'), room: fc.nat(1), who: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('kill'), room: fc.nat(1), who: fc.nat(1) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait'), room: fc.nat(1), who: fc.nat(1) }) },
)

async function scenario(seed: number, steps: readonly { do: string; room: number; who: number }[]) {
  const clock = testClock(seed)
  const server = fakeServer()
  const people = ['alice', 'bob'] as const
  for (const id of people) server.account(id)
  const rooms = [server.room('green', 'channel').id, server.room('round', 'group').id]
  for (const roomId of rooms) for (const id of people) server.join(roomId, id)
  const disk = memoryDisk()
  const bad = { drop: 0.2, duplicate: 0.2, delay: 900, lost: 0.15, ackLost: 0.15 }
  const rest = server.restOf('alice', async (answer) => {
    // Answers are late on both sides: read before news, told after it.
    await wait(clock, clock.random() * 200)
    const given = answer()
    await wait(clock, clock.random() * 200)
    return given
  })
  let wire = fakeWire(server, 'alice', clock)
  let engine = await born()

  async function born(): Promise<Engine> {
    wire = fakeWire(server, 'alice', clock)
    wire.weather = bad
    const made = createEngine({
      wire,
      rest,
      clock,
      tables: { apply: [messagesApply, roomsApply], beside: [] },
      keeper: disk.keeper(),
      elect: (won) => {
        queueMicrotask(won)
        return { leads: () => true, close: () => {} }
      },
      whispers: () => ({ tell: () => {}, close: () => {} }),
    })
    void made.start(rooms[0] ?? null)
    await clock.pass(0)
    return made
  }

  const said: string[] = []
  let n = 0
  for (const { do: what, room, who } of steps) {
    const roomId = rooms[room] ?? ''
    const inside = server.rooms.get(roomId)
    const person = people[who] ?? 'alice'
    const mine =
      inside?.messages.filter((m) => m.author_id === person && m.body.kind === 'text') ?? []
    const target = mine[Math.floor(clock.random() * mine.length)]
    const quoted = inside?.messages.at(-1)?.id ?? null
    const text = `${person} says ${++n}${n % 5 === 0 ? ' to @alice' : ''}`
    if (what === 'say' || what === 'reply') {
      const replyTo = what === 'reply' ? quoted : null
      if (person === 'alice') said.push(engine.words.send(roomId, text, replyTo))
      else server.send(roomId, 'bob', `bob-${n}`, text, replyTo)
    } else if (what === 'edit' && target) {
      if (person === 'alice') engine.words.edit(roomId, target.id, text)
      else server.edit(roomId, 'bob', target.id, text)
    } else if (what === 'remove' && target) {
      if (person === 'alice') engine.words.remove(roomId, target.id)
      else server.remove(roomId, 'bob', target.id)
    } else if (what === 'read') {
      if (person === 'alice') server.markRead(roomId, 'alice', inside?.log.length ?? 0)
    } else if (what === 'load') {
      const before = engine.store.getState().timelines[roomId]?.spans.at(-1)?.[0]
      void engine.load(roomId, before && who ? { before } : { newest: true }).catch(() => {})
    } else if (what === 'hop' && roomId === rooms[1]) {
      if (person === 'bob') server.leave(roomId, 'bob')
      else server.leave(roomId, 'alice')
      await clock.pass(clock.random() * 300)
      server.join(roomId, person)
    } else if (what === 'cut') wire.cut()
    else if (what === 'kill') {
      await engine.stop()
      engine = await born()
    } else await clock.pass(clock.random() * 1_500)
  }

  for (const id of ['alice', 'bob']) if (rooms[1]) server.join(rooms[1], id)
  wire.weather = fair
  wire.cut()
  await clock.pass(60_000)
  // Said while out of the room: refused, and Alice presses Retry now that she is back.
  for (const intent of engine.store.getState().outbox) {
    expect(intent.state).toBe('failed')
    engine.words.retry(intent.id)
  }
  await clock.pass(10_000)
  return { server, engine, said, rooms }
}

test('E6, C2: after any weather a client ends where a fresh one begins, and said everything once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(),
      fc.array(step, { maxLength: 60, size: 'max' }),
      async (seed, steps) => {
        const { server, engine, said } = await scenario(seed, steps)
        const state = engine.store.getState()
        const fresh = takeSnapshot(server.snapshot('alice'))
        expect(state.rooms).toEqual(fresh.rooms)
        expect(state.head).toBe(fresh.head)
        expect(state.outbox).toEqual([])
        for (const [roomId, timeline] of Object.entries(state.timelines)) {
          const all = server.rooms.get(roomId)?.messages ?? []
          for (const span of timeline.spans) {
            const held = messagesIn(timeline, span).map(
              ({ as_of: _, own_as_of: __, ...told }) => told,
            )
            const theirs = all.filter((m) => span[0] <= m.seq && m.seq <= span[1])
            expect(held).toEqual(theirs.map((m) => ({ ...nothingBeside, ...m })))
          }
        }
        const everywhere = [...server.rooms.values()].flatMap((room) => room.messages)
        for (const id of said) {
          expect(everywhere.filter((m) => m.client_id === id)).toHaveLength(1)
        }
        await engine.stop()
      },
    ),
    { numRuns: Number(process.env.FC ?? 60) },
  )
}, 60_000)
