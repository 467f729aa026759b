import { ApiError } from '@/lib/http'
import { mayLeave } from '@/lib/leaving'
import { signedIn, signedOut } from '@/lib/session'
import type { Login, Register } from '@/wire/accounts'
import * as api from './api'

export async function signIn(body: Login): Promise<void> {
  const session = await api.login(body)
  signedIn(session.account, session.device_id)
}

export async function signUp(body: Register): Promise<void> {
  const session = await api.register(body)
  signedIn(session.account, session.device_id)
}

/** Ends the session on the server, then forgets it here. Throws while the server is out of reach:
 * forgetting only here would leave a cookie that still opens the door. */
export async function signOut(): Promise<void> {
  if (!(await mayLeave())) return
  try {
    await api.logout()
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error
  }
  signedOut()
}
