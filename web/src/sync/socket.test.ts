import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { SocketHandlers, Wire } from './ports'
import { openSocket } from './socket'
import { type TestClock, testClock } from './testing/test-clock'

type Listener = (...args: unknown[]) => void

/** As much of a Socket.IO client as is used; `say` plays the library's side. */
const library = vi.hoisted(() => {
  const listeners = new Map<string, Listener>()
  let options: Record<string, unknown> = {}
  return {
    connects: 0,
    options: () => options,
    open: (given: Record<string, unknown>) => {
      options = given
      return {
        on: (name: string, listener: Listener) => listeners.set(name, listener),
        onAny: () => {},
        connect: () => {
          library.connects += 1
        },
        disconnect: () => {},
      }
    },
    say: (name: string, ...args: unknown[]) => listeners.get(name)?.(...args),
  }
})
vi.mock('socket.io-client', () => ({ io: library.open }))

let clock: TestClock
let wire: Wire
let online: boolean[]
let renewals: number
let heads: Record<string, number> | null

beforeEach(() => {
  library.connects = 0
  clock = testClock()
  online = []
  renewals = 0
  heads = null
  wire = openSocket(clock, () => {
    renewals += 1
    return Promise.resolve(true)
  })
  const handlers = {
    hello: () => {},
    event: () => {},
    ephemeron: () => {},
    connected: (now: boolean) => online.push(now),
    refused: () => {},
    heads: () => heads,
  } satisfies SocketHandlers
  wire.connect(handlers)
})

afterEach(() => vi.unstubAllGlobals())

const hello = () => library.say('hello', { heads: {} })
const closedWith = (reason: string) =>
  library.say('disconnect', 'transport close', { description: '', context: { reason } })
const refusedWith = (data: object) => library.say('connect_error', { data })

test('WebSocket first, polling where it does not get through', () => {
  expect(library.options()).toMatchObject({
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    reconnection: false,
  })
})

test('W7, W13: says that it resumes once it holds something, and what', () => {
  const auth = library.options().auth as (send: (claims: object) => void) => void
  const send = vi.fn()
  auth(send)
  heads = { 'room:green': 7 }
  auth(send)
  expect(send.mock.calls).toEqual([
    [{ resume: false }],
    [{ resume: true, heads: { 'room:green': 7 } }],
  ])
})

test('comes back when the close frame says, not before', async () => {
  hello()
  closedWith('{"reason":"going_away","retry_after":7.5}')
  expect(online).toEqual([true, false])
  await clock.pass(7_499)
  expect(library.connects).toBe(1)
  await clock.pass(502)
  expect(library.connects).toBe(2)
})

test('keeps the appointment a busy server gave, even when somebody looks', async () => {
  refusedWith({ code: 'busy', retry_after: 9 })
  wire.hurry()
  await clock.pass(8_999)
  expect(library.connects).toBe(1)
  await clock.pass(502)
  expect(library.connects).toBe(2)
})

test('an appointment does not lengthen what comes after it', async () => {
  for (let round = 0; round < 20; round += 1) {
    refusedWith({ code: 'busy', retry_after: 1 })
    await clock.pass(1_501)
  }
  library.say('disconnect', 'transport close')
  await clock.pass(501)
  expect(library.connects).toBe(22)
})

test('backs off with full jitter: anything up to 0.5 s doubled each time, at most 30 s', async () => {
  const waits: number[] = []
  for (let attempt = 0; attempt < 60; attempt += 1) {
    const before = clock.now()
    const connects = library.connects
    library.say('connect_error', new Error('websocket error'))
    while (library.connects === connects) await clock.pass(10)
    waits.push(clock.now() - before)
    expect(waits.at(-1)).toBeLessThanOrEqual(Math.min(30_000, 500 * 2 ** attempt) + 10)
  }
  const late = waits.slice(10)
  expect(Math.max(...late)).toBeGreaterThan(20_000)
  expect(Math.min(...late)).toBeLessThan(5_000)
})

test('hurries when the network is back or somebody looks', async () => {
  hello()
  library.say('disconnect', 'transport close')
  wire.hurry()
  await clock.pass(0)
  expect(library.connects).toBe(2)
  // Connected, or already trying: there is nothing to hurry.
  wire.hurry()
  await clock.pass(60_000)
  expect(library.connects).toBe(2)
})

test('a close frame that is no JSON of ours is a cut like any other', async () => {
  for (const reason of ['', 'bye', 'null', '{"retry_after":"soon"}', '[]']) {
    const connects = library.connects
    hello()
    closedWith(reason)
    await clock.pass(501)
    expect(library.connects).toBe(connects + 1)
  }
})

test('polling that was refused tells when in its header', async () => {
  class Request {
    getResponseHeader = (name: string) => (name === 'Retry-After' ? '12' : null)
  }
  vi.stubGlobal('XMLHttpRequest', Request)
  library.say(
    'connect_error',
    Object.assign(new Error('xhr poll error'), { context: new Request() }),
  )
  await clock.pass(11_999)
  expect(library.connects).toBe(1)
  await clock.pass(502)
  expect(library.connects).toBe(2)
})

test('renews a token that ran out and comes straight back', async () => {
  refusedWith({ code: 'token_expired' })
  await clock.pass(0)
  expect([renewals, library.connects]).toEqual([1, 2])
})

test('is online from hello on, and only until the cut', () => {
  expect(wire.online()).toBe(false)
  hello()
  expect(wire.online()).toBe(true)
  library.say('disconnect', 'ping timeout')
  expect(wire.online()).toBe(false)
  library.say('connect_error', new Error('websocket error'))
  expect(online).toEqual([true, false])
})

test('stays closed once closed', async () => {
  hello()
  wire.close()
  library.say('disconnect', 'transport close')
  await clock.pass(60_000)
  expect(library.connects).toBe(1)
})
