import { afterEach, expect, it, vi } from 'vitest'
import { runForLeader } from './leader'

afterEach(() => vi.unstubAllGlobals())

it('leads where the browser has no locks (plain http), but not before it is asked to run', async () => {
  vi.stubGlobal('navigator', {})
  const elected = vi.fn()
  const { leads } = runForLeader('tab', elected)
  expect(elected).not.toHaveBeenCalled()
  await Promise.resolve()
  expect(elected).toHaveBeenCalledOnce()
  expect(leads()).toBe(true)
})
