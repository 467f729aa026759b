import { ApiError, http } from '@/lib/http'
import type { Engine } from '@/sync/engine'

/** Told already on this visit, or on its way. */
const told = new Set<string>()
const waiting = new Map<string, () => void>()

/** I played it: its author may hear of it, and my other devices do. Without a server, later. */
export function listened(engine: Engine, roomId: string, messageId: string): void {
  const talk = engine.store.getState().timelines[roomId]?.messages
  if (told.has(messageId) || talk?.find(({ id }) => id === messageId)?.listened) return
  told.add(messageId)
  void tell(engine, roomId, messageId)
}

async function tell(engine: Engine, roomId: string, messageId: string): Promise<void> {
  try {
    await http('PUT', `rooms/${roomId}/messages/${messageId}/listened`)
  } catch (error) {
    const mayWork = error instanceof ApiError && (error.status === 0 || error.status >= 429)
    if (mayWork && !waiting.has(messageId)) later(engine, roomId, messageId)
  }
}

function later(engine: Engine, roomId: string, messageId: string): void {
  const stop = engine.store.subscribe((now, before) => {
    if (now.connection !== 'online' || before.connection === 'online') return
    stop()
    waiting.delete(messageId)
    void tell(engine, roomId, messageId)
  })
  waiting.set(messageId, stop)
}
