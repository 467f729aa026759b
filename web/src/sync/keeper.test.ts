import { openDB } from 'idb'
import { afterEach, expect, test } from 'vitest'
import { nothingBeside } from './beside'
import { wipe } from './disk'
import { dispatchTo } from './dispatch'
import { createKeeper, type Keeper } from './keeper'
import { newSend } from './outbox'
import { browserClock } from './ports'
import { takePage, takeRoom } from './reducer'
import type { Draft, Replica } from './state'
import { message, page, replica, snapshot } from './testing/samples'

const open: Keeper[] = []

async function keeper(account = 'alice'): Promise<Keeper> {
  const made = createKeeper(account, browserClock)
  open.push(made)
  expect(await made.open()).toBe(true)
  return made
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()))
  await wipe('alice')
})

const run = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => message(from + index))

/** Alice's replica with messages 1…n of one room. */
function withHistory(n: number): Replica {
  const room = replica({ rooms: { green: snapshot({ head: n }) } })
  return takePage(
    dispatchTo({ apply: [], beside: [] }),
    room,
    'green',
    page(run(1, n), { found_oldest: true, head: n }),
    {
      before: n + 1,
    },
  )
}

async function reopened(): Promise<Keeper> {
  await Promise.all(open.splice(0).map((one) => one.close()))
  return keeper()
}

test('S4: the first paint gets the end of the room in front, the rest comes after', async () => {
  const first = await keeper()
  first.keep(withHistory(100), 'cursor-1')
  const second = await reopened()
  const cached = await second.first('green')
  expect(cached?.cursor).toBe('cursor-1')
  const seqs = cached?.replica.timelines.green?.messages.map((m) => m.seq)
  expect(seqs).toHaveLength(60)
  expect(seqs?.at(-1)).toBe(100)
  expect(cached?.replica.timelines.green?.spans).toEqual([[41, 100]])
  expect((await second.timelines()).green?.spans).toEqual([[1, 100]])
  expect((await second.timelines()).green?.messages).toHaveLength(100)
})

test('only so much of a room is kept, and the span says so', async () => {
  const first = await keeper()
  first.keep(withHistory(700), 'cursor-1')
  const kept = (await (await reopened()).timelines()).green
  expect(kept?.messages).toHaveLength(500)
  expect(kept?.spans).toEqual([[201, 700]])
})

test('a thread in front is not kept: its replies would stand in the room', async () => {
  const first = await keeper()
  const full = withHistory(3)
  const reply = {
    ...message(4),
    thread: 'm1',
    in_room: false,
    ...nothingBeside,
    as_of: 4,
    own_as_of: 0,
  }
  const inThread = { spans: [[1, 4]] as [number, number][], messages: [reply] }
  first.keep({ ...full, timelines: { ...full.timelines, m1: inThread } }, 'cursor-1')
  const kept = await (await reopened()).timelines()
  expect(Object.keys(kept)).toEqual(['green'])
  expect(kept.green?.messages.map((one) => one.seq)).toEqual([1, 2, 3])
})

test('a room I left leaves no trace', async () => {
  const first = await keeper()
  const full = withHistory(10)
  first.keep(full, 'cursor-1')
  const second = await reopened()
  second.trust(full, 'cursor-1')
  second.keep({ ...full, rooms: {}, timelines: {} }, 'cursor-2')
  const third = await reopened()
  expect((await third.first(null))?.replica.rooms).toEqual({})
  expect(await third.timelines()).toEqual({})
})

test('a tab that begins to lead replaces what it did not read', async () => {
  const first = await keeper()
  first.keep(withHistory(10), 'cursor-1')
  const second = await reopened()
  const other = takeRoom({ ...withHistory(0), rooms: {} }, snapshot({ head: 50 }))
  second.keep(other, 'cursor-2')
  const third = await reopened()
  expect(await third.timelines()).toEqual({})
  expect((await third.first(null))?.replica.rooms.green?.head).toBe(50)
})

test('words and drafts survive, in the order they were written', async () => {
  const first = await keeper()
  const draft: Draft = {
    id: 'green', room_id: 'green', thread: null, text: 'half a thou', reply_to: null, saved_at: 1,
    dirty: true, pushed: null,
  } // biome-ignore format: a table
  const outbox = [
    newSend('id-1', 'green', 'one', null, 1),
    newSend('id-2', 'green', 'two', null, 2),
  ]
  first.keepMine({ outbox: [], drafts: {} }, { outbox, drafts: { green: draft } })
  const second = await reopened()
  expect(await second.mine()).toEqual({ outbox, drafts: { green: draft } })
})

test('a cache from a newer build is dropped and fetched again; my words are not', async () => {
  const first = await keeper()
  const outbox = [newSend('id-1', 'green', 'one', null, 1)]
  first.keep(withHistory(3), 'cursor-1')
  first.keepMine({ outbox: [], drafts: {} }, { outbox, drafts: {} })
  await first.close()
  open.length = 0
  ;(await openDB('tertulia.cache.alice', 99)).close()
  const second = await keeper()
  expect(await second.first('green')).toBeNull()
  expect((await second.mine()).outbox).toEqual(outbox)
})
