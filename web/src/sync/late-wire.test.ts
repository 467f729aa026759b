import { expect, test, vi } from 'vitest'
import { lateWire } from './late-wire'
import { type SocketHandlers, Unheard, type Wire } from './ports'
import { testClock } from './testing/test-clock'

const handlers = { connected: () => {} } as unknown as SocketHandlers

function realWire() {
  const connect = vi.fn()
  const close = vi.fn()
  const mutter = vi.fn(() => true)
  const wire = { connect, close, mutter, online: () => true, hurry: vi.fn() } as unknown as Wire
  return { wire, connect, close, mutter }
}

test('connects once its code is here, whoever was first', async () => {
  const clock = testClock()
  const { wire, connect, mutter } = realWire()
  const late = lateWire(() => Promise.resolve(wire), clock)
  late.connect(handlers)
  expect([late.online(), late.mutter('typing', { room_id: 'green' })]).toEqual([false, false])
  await expect(late.command('typing', { room_id: 'green' })).rejects.toBeInstanceOf(Unheard)
  await clock.pass(0)
  expect(connect.mock.calls).toEqual([[handlers]])
  expect([late.online(), late.mutter('typing', { room_id: 'green' })]).toEqual([true, true])
  expect(mutter).toHaveBeenCalledOnce()
})

test('asks again where its code could not be fetched, and at once when hurried', async () => {
  const clock = testClock()
  const { wire, connect } = realWire()
  const load = vi.fn<() => Promise<Wire>>(() => Promise.reject(new Error('away')))
  const late = lateWire(load, clock)
  late.connect(handlers)
  await clock.pass(500)
  expect(load.mock.calls.length).toBeGreaterThan(1)
  load.mockResolvedValue(wire)
  late.hurry()
  await clock.pass(0)
  expect(connect).toHaveBeenCalledOnce()
})

test('stays closed where it was closed before its code came', async () => {
  const clock = testClock()
  const { wire, connect } = realWire()
  const load = vi.fn(() => Promise.resolve(wire))
  const late = lateWire(load, clock)
  late.connect(handlers)
  late.close()
  await clock.pass(60_000)
  expect([load.mock.calls.length, connect.mock.calls.length]).toEqual([1, 0])
})
