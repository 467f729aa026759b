import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { reloadWhenOutdated } from './outdated'

const reload = vi.fn()
const unregister = vi.fn(async () => true)
let server: 'there' | 'away' = 'there'

/** A part of the page could not be fetched. */
async function miss(): Promise<void> {
  dispatchEvent(new Event('vite:preloadError'))
  await vi.waitFor(() => expect(fetch).toHaveBeenCalled())
  // Past the answer, and what follows from it.
  await new Promise((resolve) => setTimeout(resolve))
}

reloadWhenOutdated(reload)

beforeEach(() => {
  sessionStorage.clear()
  reload.mockClear()
  unregister.mockClear()
  vi.stubGlobal(
    'fetch',
    vi.fn(async () => {
      if (server === 'away') throw new TypeError('Failed to fetch')
      return new Response(null)
    }),
  )
  Object.defineProperty(navigator, 'serviceWorker', {
    configurable: true,
    value: { getRegistration: async () => ({ unregister }) },
  })
})

afterEach(() => {
  server = 'there'
  Reflect.deleteProperty(navigator, 'serviceWorker')
  vi.unstubAllGlobals()
})

test('a part that is gone brings the newest page, past the worker that keeps the old one', async () => {
  await miss()
  expect(unregister).toHaveBeenCalledOnce()
  expect(reload).toHaveBeenCalledOnce()
})

test('a second one within the minute does not spin', async () => {
  await miss()
  dispatchEvent(new Event('vite:preloadError'))
  await new Promise((resolve) => setTimeout(resolve))
  expect(fetch).toHaveBeenCalledOnce()
  expect(reload).toHaveBeenCalledOnce()
})

test('while the server is away the page stays, and so does the worker', async () => {
  server = 'away'
  await miss()
  expect(unregister).not.toHaveBeenCalled()
  expect(reload).not.toHaveBeenCalled()
})

test('without workers, as on a plain http address, it reloads all the same', async () => {
  Reflect.deleteProperty(navigator, 'serviceWorker')
  await miss()
  expect(reload).toHaveBeenCalledOnce()
})
