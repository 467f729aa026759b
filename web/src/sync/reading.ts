import { type Clock, Unheard, type Wire } from './ports'
import type { Local } from './state'

/** Scrolling through a room reads many rows a second: one word for all of them. */
const EVERY_MS = 500

export interface Reading {
  /** I have seen everything up to `seq` of this room. */
  markRead(roomId: string, seq: number): void
  /** `seq` is unread again, and all behind it; looking does not read it until I `look` anew. */
  markUnread(roomId: string, seq: number): Promise<void>
  look(roomId: string): void
  /** The server says that I marked it unread, here or elsewhere. */
  wentBack(roomId: string): void
  /** The socket is back: says again what was not heard. */
  resume(): void
  close(): void
}

export interface ReadingPorts {
  read(): Pick<Local, 'readHere'>
  write(change: Pick<Local, 'readHere'>): void
  wire: Pick<Wire, 'command' | 'online'>
  clock: Clock
}

export function createReading({ read, write, wire, clock }: ReadingPorts): Reading {
  const unsaid = new Map<string, number>()
  const keptUnread = new Set<string>()
  let cancel: (() => void) | null = null

  async function say(roomId: string, seq: number): Promise<void> {
    try {
      await wire.command('room.read', { room_id: roomId, seq })
      // A refusal (the room is gone) needs no second try either.
    } catch (error) {
      if (!(error instanceof Unheard)) throw error
      unsaid.set(roomId, Math.max(seq, unsaid.get(roomId) ?? 0))
    }
  }

  function flush(): void {
    cancel = null
    if (!wire.online()) return
    const due = [...unsaid]
    unsaid.clear()
    for (const [roomId, seq] of due) void say(roomId, seq)
  }

  function wentBack(roomId: string): void {
    keptUnread.add(roomId)
    unsaid.delete(roomId)
    const { [roomId]: _read, ...readHere } = read().readHere
    write({ readHere })
  }

  return {
    wentBack,
    look: (roomId) => void keptUnread.delete(roomId),
    markUnread: async (roomId, seq) => {
      wentBack(roomId)
      await wire.command('room.unread', { room_id: roomId, seq })
    },
    markRead: (roomId, seq) => {
      if (keptUnread.has(roomId)) return
      if (seq <= (read().readHere[roomId] ?? 0)) return
      write({ readHere: { ...read().readHere, [roomId]: seq } })
      unsaid.set(roomId, seq)
      cancel ??= clock.after(EVERY_MS, flush)
    },
    resume: flush,
    close: () => cancel?.(),
  }
}
