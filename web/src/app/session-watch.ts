import type { QueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { http } from '@/lib/http'
import { onSessionEnded } from '@/lib/refresh'
import { signedIn, signedOut, useSession } from '@/lib/session'
import type { OwnAccount } from '@/wire/accounts'
import type { AppRouter } from './routes'

/** Keeps what we believe about the session in step with the server, and the route with both. */
export function useSessionWatch(router: AppRouter, queries: QueryClient): void {
  useEffect(() => onSessionEnded(signedOut), [])
  useEffect(
    () =>
      useSession.subscribe((now, before) => {
        if (now.account?.id === before.account?.id) return
        queries.clear()
        // The guards of the routes decide again who may stay.
        void router.invalidate()
      }),
    [router, queries],
  )
  useEffect(() => {
    if (!useSession.getState().account) return
    const stop = new AbortController()
    http<OwnAccount>('GET', 'me', { signal: stop.signal }).then(signedIn, () => {
      // Offline or away: what we knew still paints; a 401 has ended the session by now.
    })
    return () => stop.abort()
  }, [])
  useEffect(() => {
    // Another tab signed in or out.
    const heard = (event: StorageEvent) => {
      if (event.key === 'tertulia.session') void useSession.persist.rehydrate()
    }
    addEventListener('storage', heard)
    return () => removeEventListener('storage', heard)
  }, [])
}
