import { create } from 'zustand'
import { persist } from 'zustand/middleware'
import type { OwnAccount } from '@/wire/accounts'

interface SessionState {
  /** Who is signed in here; kept across reloads so that the first paint needs no network. */
  account: OwnAccount | null
  deviceId: string | null
}

/**
 * Who I am. The truth is the server's cookie; this is what we last knew of it. Sync clears its
 * cache by subscribing: `useSession.subscribe((now, before) => …)` with `account` gone to null.
 */
export const useSession = create<SessionState>()(
  persist((): SessionState => ({ account: null, deviceId: null }), {
    name: 'tertulia.session',
    version: 1,
  }),
)

export function signedIn(account: OwnAccount, deviceId?: string): void {
  useSession.setState(deviceId === undefined ? { account } : { account, deviceId })
}

export function signedOut(): void {
  useSession.setState({ account: null, deviceId: null })
}

/** My account, inside routes that only signed-in people reach. Throws elsewhere. */
export function useMe(): OwnAccount {
  const account = useSession((state) => state.account)
  if (!account) throw new Error('useMe outside the signed-in part')
  return account
}
