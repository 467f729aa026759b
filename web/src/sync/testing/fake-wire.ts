import type { Answer } from '@/wire/commands'
import type { ErrorCode } from '@/wire/errors'
import type { Event } from '@/wire/sync'
import { type Clock, type SocketHandlers, Unheard, type Wire } from '../ports'
import { type FakeServer, Refusal } from './fake-server'

/** Chances in [0, 1] and delays in milliseconds. */
export interface Weather {
  drop: number
  duplicate: number
  delay: number
  /** Of a command never reaching the server. */
  lost: number
  /** Of its ack never coming back, the thing being done all the same. */
  ackLost: number
}

export const fair: Weather = { drop: 0, duplicate: 0, delay: 0, lost: 0, ackLost: 0 }

export interface FakeWire extends Wire {
  weather: Weather
  cut(): void
}

/** A socket that can be cut, and whose events get lost, doubled, late and out of order. */
export function fakeWire(server: FakeServer, accountId: string, clock: Clock): FakeWire {
  let handlers: SocketHandlers | null = null
  let online = false
  let connection = 0
  let unlisten: (() => void) | null = null
  const wire: FakeWire = {
    weather: fair,
    connect: (given) => {
      handlers = given
      open()
    },
    close: () => {
      handlers = null
      hangUp()
    },
    online: () => online,
    hurry: () => {},
    cut: () => {
      if (!online) return
      hangUp()
      handlers?.connected(false)
      clock.after(50 + clock.random() * 400, open)
    },
    command: (name, takes) => command(name, takes as never) as never,
    mutter: () => online,
  }

  function hangUp(): void {
    online = false
    connection += 1
    unlisten?.()
    unlisten = null
  }

  function open(): void {
    if (!handlers || online) return
    online = true
    unlisten = server.listen((event, members) => {
      if (members.has(accountId)) deliver(event)
    })
    const missed = server.missed(accountId, handlers.heads() ?? {})
    handlers.connected(true)
    handlers.hello({
      connection_id: String(connection),
      account_id: accountId,
      device_id: 'device',
      server_time: new Date(clock.now()).toISOString(),
      heartbeat_ms: 25_000,
      build: 'test',
      heads: server.heads(accountId),
      replayed: missed.map(([stream]) => stream),
    })
    // On one connection nothing gets lost or overtaken: the weather is that of other servers.
    for (const event of missed.flatMap(([, events]) => events)) handlers?.event(event)
  }

  function deliver(event: Event): void {
    const { drop, duplicate, delay } = wire.weather
    const mine = connection
    const once = () =>
      clock.after(clock.random() * delay, () => {
        if (mine === connection) handlers?.event(event)
      })
    if (clock.random() >= drop) once()
    if (clock.random() < duplicate) once()
  }

  async function command(name: string, takes: Record<string, string>): Promise<Answer<unknown>> {
    const mine = connection
    if (!online || clock.random() < wire.weather.lost) return unheard()
    await wait(clock, clock.random() * wire.weather.delay)
    const answer = perform(name, takes)
    if (clock.random() < wire.weather.ackLost) return unheard()
    await wait(clock, clock.random() * wire.weather.delay)
    return mine === connection ? answer : unheard()
  }

  async function unheard(): Promise<never> {
    await wait(clock, 100)
    throw new Unheard('command')
  }

  function perform(name: string, takes: Record<string, string>): Answer<unknown> {
    const { room_id = '', client_id = '', message_id = '', text = '', reply_to } = takes
    try {
      if (name === 'message.send') {
        return {
          ok: true,
          data: server.send(room_id, accountId, client_id, text, reply_to ?? null),
        }
      }
      if (name === 'message.edit')
        return { ok: true, data: server.edit(room_id, accountId, message_id, text) }
      if (name === 'message.delete')
        return { ok: true, data: server.remove(room_id, accountId, message_id) }
      if (name === 'receipts.list') {
        const cursors = server.rooms.get(room_id)?.cursors ?? []
        const others = cursors.filter((one) => one.account_id !== accountId)
        return { ok: true, data: { cursors: structuredClone(others) } }
      }
      if (name === 'room.read') server.markRead(room_id, accountId, Number(takes.seq))
      return { ok: true, data: null }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return { ok: false, error: { code: error.code as ErrorCode, message: error.code } }
    }
  }

  return wire
}

export const wait = (clock: Clock, ms: number) =>
  new Promise<void>((resolve) => {
    if (ms <= 0) resolve()
    else clock.after(ms, resolve)
  })
