import type { Clock, Wire } from './ports'
import type { Replica } from './state'

/** N7: of direct rooms and groups at most once a second, of channels once a minute. */
const SOON_MS = 1_000
const CHANNEL_MS = 60_000
/** As many rooms as one word takes. */
const AT_ONCE = 100

export interface Delivering {
  /** The replica changed: what of it came from others has arrived here. */
  look(now: Replica['rooms']): void
  /** The socket is back: says again what may not have been heard. */
  resume(): void
  close(): void
}

export interface DeliveringPorts {
  wire: Pick<Wire, 'mutter' | 'online'>
  clock: Clock
  /** One tab speaks for the device. */
  leads(): boolean
}

/** Tells the server what this device holds of what others said. */
export function createDelivering({ wire, clock, leads }: DeliveringPorts): Delivering {
  const seen = new Map<string, number>()
  const due = new Map<string, { seq: number; notBefore: number }>()
  let unsure = new Map<string, number>()
  let cancel: (() => void) | null = null

  function look(rooms: Replica['rooms']): void {
    for (const room of Object.values(rooms)) {
      if (seen.get(room.id) === room.head) continue
      seen.set(room.id, room.head)
      // Nothing unread is nothing new: what I read is delivered, and so is what I said.
      if (room.me.unread.length === 0) continue
      const wait = room.room.kind === 'channel' ? CHANNEL_MS : SOON_MS
      const notBefore = due.get(room.id)?.notBefore ?? clock.now() + wait
      due.set(room.id, { seq: room.head, notBefore })
    }
    later()
  }

  function later(): void {
    if (cancel !== null || due.size === 0) return
    const first = Math.min(...[...due.values()].map((one) => one.notBefore))
    cancel = clock.after(Math.max(0, first - clock.now()), flush)
  }

  function flush(): void {
    cancel = null
    if (!wire.online() || !leads()) return
    const now = clock.now()
    const ready = [...due].filter(([, one]) => one.notBefore <= now).slice(0, AT_ONCE)
    for (const [roomId, { seq }] of ready) {
      due.delete(roomId)
      unsure.set(roomId, seq)
    }
    const rooms = ready.map(([room_id, { seq }]) => ({ room_id, seq }))
    if (rooms.length > 0) wire.mutter('room.delivered', { rooms })
    later()
  }

  return {
    look,
    resume: () => {
      for (const [roomId, seq] of unsure) {
        if (!due.has(roomId)) due.set(roomId, { seq, notBefore: clock.now() + SOON_MS })
      }
      unsure = new Map()
      later()
    },
    close: () => cancel?.(),
  }
}
