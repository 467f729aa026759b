import { fullJitter } from './backoff'
import { type Clock, type SocketHandlers, Unheard, type Wire } from './ports'

const RETRY_BASE_MS = 500
const RETRY_CAP_MS = 30_000

/**
 * A wire whose code is still being fetched: a room is read from the cache and over HTTP before
 * anybody connects. Fetching begins at once, and again after a failure for as long as somebody
 * wants to be connected.
 */
export function lateWire(load: () => Promise<Wire>, clock: Clock): Wire {
  let wire: Wire | null = null
  let wanted: SocketHandlers | null = null
  let attempts = 0
  let cancelRetry: (() => void) | null = null

  function fetchIt(): void {
    load().then(arrived, () => {
      const wait = fullJitter(attempts++, RETRY_BASE_MS, RETRY_CAP_MS, clock.random())
      cancelRetry = clock.after(wait, again)
    })
  }

  function again(): void {
    cancelRetry?.()
    cancelRetry = null
    fetchIt()
  }

  function arrived(made: Wire): void {
    wire = made
    if (wanted) made.connect(wanted)
  }

  fetchIt()
  return {
    connect: (handlers) => {
      wanted = handlers
      wire?.connect(handlers)
    },
    close: () => {
      wanted = null
      cancelRetry?.()
      wire?.close()
    },
    online: () => wire?.online() ?? false,
    hurry: () => {
      if (wire) wire.hurry()
      else if (cancelRetry) again()
    },
    command: (name, takes) =>
      wire ? wire.command(name, takes) : Promise.reject(new Unheard(name)),
    mutter: (name, takes) => wire?.mutter(name, takes) ?? false,
  }
}
