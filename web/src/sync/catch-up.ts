import type { Hello } from '@/wire/sync'
import type { Dispatch } from './dispatch'
import type { Log } from './log'
import { type Clock, isRefusal, type Rest } from './ports'
import { headOf, roomOf, takeChanges } from './reducer'
import type { Replica } from './state'

/** S7: moves the cursor forward, so that the next start has little to ask. */
const REFRESH_MS = 5 * 60_000
const RETRY_MS = 3_000

export interface CatchUpPorts {
  read(): Replica
  write(change: (replica: Replica) => Replica): void
  dispatch: Dispatch
  log: Log
  rest: Pick<Rest, 'sync'>
  clock: Clock
  online(): boolean
  /** In step with the server, up to this cursor. */
  caughtUp(cursor: string): void
  /** Came back, and everything that is logged comes by the socket (W13): nothing was asked. */
  resumed(): void
}

export interface CatchUp {
  /** Where the next question begins; set from the cache at start. */
  from(cursor: string | null): void
  /** S2–S4: asks what changed; meanwhile live events wait. Calls during a run ask once more. */
  run(): Promise<void>
  /** W2: compares heads; asks only if we are behind. */
  greeted(hello: Hello): void
  close(): void
}

export function createCatchUp(ports: CatchUpPorts): CatchUp {
  const { read, write, log, rest, clock } = ports
  let cursor: string | null = null
  let running: Promise<void> | null = null
  let onceMore = false
  let everInStep = false
  let cancel: (() => void) | null = null
  let closed = false

  function run(): Promise<void> {
    if (running) {
      onceMore = true
      return running
    }
    running = loop().finally(() => {
      running = null
    })
    return running
  }

  async function loop(): Promise<void> {
    log.hold()
    try {
      do {
        onceMore = false
        await askAll()
      } while (onceMore)
      everInStep = true
      schedule(REFRESH_MS)
    } catch (error) {
      if (!isRefusal(error)) throw error
      // Many may have been refused with us: nobody asks again at the same moment.
      schedule((error.retryAfter ?? 0) * 1_000 + RETRY_MS * (0.5 + clock.random()))
    } finally {
      log.release()
    }
    if (everInStep && cursor !== null && !closed) ports.caughtUp(cursor)
  }

  async function askAll(): Promise<void> {
    for (;;) {
      const changes = await rest.sync(cursor)
      if (closed) return
      write((replica) => takeChanges(ports.dispatch, replica, changes))
      log.noticed(changes.streams.flatMap((stream) => stream.events))
      cursor = changes.cursor
      if (!changes.more) return
    }
  }

  function schedule(ms: number): void {
    cancel?.()
    if (closed) return
    // Without a socket the next `hello` asks anyway.
    cancel = clock.after(ms, () => {
      if (ports.online() || !everInStep) void run()
    })
  }

  return {
    from: (known) => {
      cursor = known
    },
    run,
    greeted: (hello) => {
      if (running || !everInStep || isBehind(read(), hello)) void run()
      else ports.resumed()
    },
    close: () => {
      closed = true
      cancel?.()
    },
  }
}

/**
 * Something happened that we have not applied and that is not on its way (W13), or we joined or
 * left a room and no event on its way tells of it.
 */
export function isBehind(replica: Replica, hello: Hello): boolean {
  const coming = new Set(hello.replayed)
  const told = coming.has(`account:${hello.account_id}`)
  const news = Object.entries(hello.heads).some(([stream, head]) => {
    const held = headOf(replica, stream)
    return held === null ? !told : held < head && !coming.has(stream)
  })
  if (news || told) return news
  const mine = new Set(Object.keys(hello.heads).map(roomOf))
  return Object.keys(replica.rooms).some((roomId) => !mine.has(roomId))
}
