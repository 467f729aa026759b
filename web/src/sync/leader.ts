/**
 * One tab of an account leads: it alone sends the outbox and writes the cache. The lock is the
 * browser's (Web Locks), so that a leader that crashes is replaced without anybody noticing.
 */
export interface Leadership {
  leads(): boolean
  close(): void
}

/** Calls `elected` when this tab becomes the leader, which may be never. */
export function runForLeader(name: string, elected: () => void): Leadership {
  const ending = new AbortController()
  let leading = false
  let resign: () => void = () => {}
  const won = () => {
    leading = true
    elected()
    return new Promise<void>((resolve) => {
      resign = resolve
    })
  }
  if (navigator.locks) {
    navigator.locks.request(name, { signal: ending.signal }, won).catch(() => {})
  } else {
    // Plain http has no locks: every tab leads. `client_id` keeps that harmless (C2). Later, as
    // with locks: who runs is not made yet.
    queueMicrotask(() => void won())
  }
  return {
    leads: () => leading,
    close: () => {
      leading = false
      ending.abort()
      resign()
    },
  }
}

/** What tabs tell each other about my words: written, changed (`put`) or gone (`drop`). */
export interface Whispers<Message> {
  tell(message: Message): void
  close(): void
}

export function openWhispers<Message>(
  name: string,
  heard: (message: Message) => void,
): Whispers<Message> {
  if (typeof BroadcastChannel === 'undefined') return { tell: () => {}, close: () => {} }
  const channel = new BroadcastChannel(name)
  channel.onmessage = (event: MessageEvent<Message>) => heard(event.data)
  return { tell: (message) => channel.postMessage(message), close: () => channel.close() }
}
