import { expect, test } from 'vitest'
import { messagesApply } from '@/features/messages/apply'
import { roomsApply } from '@/features/rooms/apply'
import { createEngine, type Engine } from './engine'
import type { Leadership } from './leader'
import type { Whisper } from './shared-words'
import { fakeServer } from './testing/fake-server'
import { type FakeWire, fakeWire } from './testing/fake-wire'
import { memoryDisk } from './testing/memory-keeper'
import { testClock } from './testing/test-clock'

/** An answer that does not come. */
const never = new Promise<never>(() => {})

/** One browser of Alice's: a disk, a lock and a channel that all her tabs share. */
function browser() {
  const clock = testClock()
  const server = fakeServer()
  for (const id of ['alice', 'bob']) server.account(id)
  server.room('green')
  for (const id of ['alice', 'bob']) server.join('green', id)
  const disk = memoryDisk()
  const waiting: (() => void)[] = []
  const ears = new Set<(said: Whisper) => void>()
  let led = false

  function elect(won: () => void): Leadership {
    let leading = false
    const win = () => {
      led = true
      leading = true
      queueMicrotask(won)
    }
    if (led) waiting.push(win)
    else win()
    return {
      leads: () => leading,
      close: () => {
        if (!leading) return
        leading = false
        led = false
        waiting.shift()?.()
      },
    }
  }

  async function openTab({ reached = true } = {}): Promise<{ engine: Engine; wire: FakeWire }> {
    const wire = fakeWire(server, 'alice', clock)
    const engine = createEngine({
      wire,
      rest: server.restOf('alice', async (answer) => (reached ? answer() : await never)),
      clock,
      tables: { apply: [messagesApply, roomsApply], beside: [] },
      keeper: disk.keeper(),
      elect,
      whispers: (heard) => {
        ears.add(heard)
        const others = () => [...ears].filter((ear) => ear !== heard)
        return {
          tell: (said) => {
            for (const ear of others()) ear(structuredClone(said))
          },
          close: () => ears.delete(heard),
        }
      },
    })
    void engine.start('green')
    await clock.pass(0)
    return { engine, wire }
  }

  const said = () => server.rooms.get('green')?.messages.map((m) => m.client_id)
  return { clock, disk, openTab, said }
}

test('what one tab writes another sends, once, and both show it', async () => {
  const { clock, openTab, said } = browser()
  const leader = await openTab()
  const follower = await openTab()
  const id = follower.engine.words.send('green', 'from the second tab', null)
  await clock.pass(1_000)
  expect(said()).toEqual([id])
  for (const { engine } of [leader, follower]) {
    const { outbox, timelines } = engine.store.getState()
    expect(outbox).toEqual([])
    expect(timelines.green?.messages.map((m) => m.client_id)).toEqual([id])
  }
})

test('when the leader closes, the next tab sends what waits', async () => {
  const { clock, openTab, said } = browser()
  const leader = await openTab()
  const follower = await openTab()
  leader.wire.cut()
  const id = follower.engine.words.send('green', 'left behind', null)
  await clock.pass(0)
  expect(said()).toEqual([])
  await leader.engine.stop()
  await clock.pass(1_000)
  expect(said()).toEqual([id])
})

test('a draft and an unsent message are there again in the next visit', async () => {
  const { clock, disk, openTab } = browser()
  const tab = await openTab()
  tab.wire.cut()
  tab.engine.words.send('green', 'unsent', null)
  tab.engine.words.saveDraft('green', 'half a thought', null)
  await tab.engine.stop()
  expect(disk.mine().outbox).toHaveLength(1)
  const again = await openTab()
  expect(again.engine.store.getState().drafts.green?.text).toBe('half a thought')
  await clock.pass(1_000)
  expect(again.engine.store.getState().outbox).toEqual([])
})

test('S4: a second visit paints what the first one held before the network answers', async () => {
  const { clock, openTab } = browser()
  const first = await openTab()
  first.engine.words.send('green', 'remembered', null)
  await clock.pass(1_000)
  await first.engine.stop()
  const { engine } = await openTab({ reached: false })
  expect(engine.store.getState().phase).toBe('cached')
  expect(engine.store.getState().timelines.green?.messages).toHaveLength(1)
})
