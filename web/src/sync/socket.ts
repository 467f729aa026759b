import { io, type Socket } from 'socket.io-client'
import type { Answer, Commands } from '@/wire/commands'
import type { Ephemera } from '@/wire/events'
import type { Event, Hello } from '@/wire/sync'
import { fullJitter } from './backoff'
import { type Clock, type SocketHandlers, Unheard, type Wire } from './ports'

const RECONNECT_BASE_MS = 500
const RECONNECT_CAP_MS = 30_000
/** A command without an ack after this long was not heard. */
const ACK_TIMEOUT_MS = 10_000

const ephemera = new Set<string>([
  'typing',
  'presence',
  'presences',
  'receipts',
  'emoji',
  'export.progress',
  'film.progress',
] satisfies (keyof Ephemera)[])

/** More than the server's appointment, so that clocks that agree too well do not make a crowd. */
const APPOINTMENT_JITTER_MS = 500

interface Refusal extends Error {
  data?: { code?: string; retry_after?: number }
  /** The request, where polling was refused before there was a session. */
  context?: unknown
}

/**
 * The one place that knows Socket.IO. Reconnecting is ours, not the library's: its delays do not
 * spread a crowd over the whole interval, and it cannot heed the server's `retry_after` (W8).
 *
 * WebSocket first, for it is one request instead of four; polling where something on the way does
 * not let WebSockets through.
 */
export function openSocket(clock: Clock, renew: () => Promise<boolean>): Wire {
  const socket: Socket = io({
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    auth: (send) => {
      const heads = handlers?.heads() ?? null
      send(heads ? { resume: true, heads } : { resume: false })
    },
    withCredentials: true,
    autoConnect: false,
    reconnection: false,
    forceNew: true,
  })
  let handlers: SocketHandlers | null = null
  let attempts = 0
  let cancelRetry: (() => void) | null = null
  /** The server said when to come back. */
  let appointed = false
  let greeted = false
  let renewing = false

  function retry(afterMs: number): void {
    cancelRetry?.()
    cancelRetry = clock.after(afterMs, () => {
      cancelRetry = null
      appointed = false
      socket.connect()
    })
  }

  function later(retryAfterSeconds: number | null = null): void {
    if (handlers === null) return
    if (retryAfterSeconds !== null) {
      retry(retryAfterSeconds * 1_000 + clock.random() * APPOINTMENT_JITTER_MS)
      appointed = true
      return
    }
    retry(fullJitter(attempts++, RECONNECT_BASE_MS, RECONNECT_CAP_MS, clock.random()))
  }

  /** A token that ran out is ours to renew; the server's word that the session is over is final. */
  async function renewThenRetry(): Promise<void> {
    if (renewing) return
    renewing = true
    const renewed = await renew().catch(() => false)
    renewing = false
    // Over, or the server is away? Ask again later: `renew` tells the session's end by itself.
    if (renewed) retry(0)
    else later()
  }

  function lost(): void {
    if (greeted) handlers?.connected(false)
    greeted = false
  }

  socket.on('connect_error', (error: Refusal) => {
    lost()
    const code = error.data?.code
    if (code === 'token_expired' || code === 'unauthenticated') void renewThenRetry()
    else later(error.data?.retry_after ?? retryAfterHeader(error.context))
  })
  socket.on('disconnect', (reason, details) => {
    lost()
    if (reason === 'io client disconnect') return
    // Cut by the server: it may be a device signed out, and then the next connect is refused.
    later(retryAfterFrame(details))
  })
  socket.on('hello', (hello: Hello) => {
    attempts = 0
    greeted = true
    handlers?.connected(true)
    handlers?.hello(hello)
  })
  socket.onAny((name: string, data: unknown) => {
    if (name === 'hello') return
    if (ephemera.has(name)) handlers?.ephemeron(name as keyof Ephemera, data as never)
    else if (isEvent(data)) handlers?.event(data)
  })

  return {
    connect: (given) => {
      handlers = given
      socket.connect()
    },
    close: () => {
      handlers = null
      cancelRetry?.()
      socket.disconnect()
    },
    online: () => greeted,
    hurry: () => {
      if (!cancelRetry || appointed) return
      attempts = 0
      retry(0)
    },
    command: (name, takes) => ask(socket, name, takes),
    mutter: (name, takes) => {
      if (greeted) socket.emit(name, takes)
      return greeted
    },
  }
}

async function ask<Name extends keyof Commands>(
  socket: Socket,
  name: Name,
  takes: Commands[Name]['takes'],
): Promise<Answer<Commands[Name]['gives']>> {
  // Socket.IO would keep it and send it after reconnecting; our outbox does that, and knows more.
  if (!socket.connected) throw new Unheard(name)
  try {
    return await socket.timeout(ACK_TIMEOUT_MS).emitWithAck(name, takes)
  } catch {
    throw new Unheard(name)
  }
}

/** Seconds, where the server named them in its close frame (W8). */
function retryAfterFrame(details: unknown): number | null {
  const frame = (details as { context?: { reason?: unknown } } | undefined)?.context
  try {
    const told: { retry_after?: unknown } | null = JSON.parse(String(frame?.reason))
    return typeof told?.retry_after === 'number' ? told.retry_after : null
  } catch {
    return null
  }
}

/** Seconds, where polling was refused with `Retry-After`; a refused WebSocket tells nothing. */
function retryAfterHeader(request: unknown): number | null {
  if (!(request instanceof XMLHttpRequest)) return null
  const seconds = Number.parseFloat(request.getResponseHeader('Retry-After') ?? '')
  return Number.isFinite(seconds) ? seconds : null
}

const isEvent = (data: unknown): data is Event =>
  typeof data === 'object' && data !== null && 'stream' in data && 'seq' in data && 'type' in data
