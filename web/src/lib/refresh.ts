/**
 * Renews the session's cookies. A refresh token works once: if two tabs used the same one, the
 * server would take the second for a thief and end the session. So one tab renews at a time, and
 * the others see that it is already done.
 */
const STAMP = 'tertulia.refreshed-at'

let underWay: Promise<boolean> | null = null
const endings = new Set<() => void>()

/** Calls `ended` once the server says the session is over. Returns the way to stop listening. */
export function onSessionEnded(ended: () => void): () => void {
  endings.add(ended)
  return () => endings.delete(ended)
}

/**
 * `failedSince` is when the refused request began (ms since epoch): a renewal after it, by any
 * tab, makes another one needless. Gives false when the session is over or the server is away.
 */
export function refreshSession(failedSince: number = Date.now()): Promise<boolean> {
  underWay ??= oneTabAtATime(() => renew(failedSince)).finally(() => {
    underWay = null
  })
  return underWay
}

async function oneTabAtATime(task: () => Promise<boolean>): Promise<boolean> {
  // Web Locks need a secure context; on plain http a single tab is the best we can guard.
  return navigator.locks ? await navigator.locks.request('tertulia.refresh', task) : task()
}

async function renew(failedSince: number): Promise<boolean> {
  if (Number(localStorage.getItem(STAMP)) > failedSince) return true
  let response: Response
  try {
    response = await fetch('/api/v1/auth/refresh', {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'content-type': 'application/json', 'x-tertulia-client': 'web' },
      body: '{}',
    })
  } catch {
    return false
  }
  if (response.ok) {
    localStorage.setItem(STAMP, String(Date.now()))
    return true
  }
  if (response.status === 401) for (const ended of endings) ended()
  return false
}
