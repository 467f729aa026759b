import { http } from '@/lib/http'
import type {
  ChangePassword,
  ChangeProfile,
  Device,
  DeviceList,
  Login,
  OwnAccount,
  Register,
  Server,
  Session,
} from '@/wire/accounts'
import type { InvitePreview, Joined } from '@/wire/invites'

// A 401 here is the answer to a password, not a session that ran out: no renewal.
export const register = (body: Register) =>
  http<Session>('POST', 'auth/register', { body, renew: false })

export const login = (body: Login) => http<Session>('POST', 'auth/login', { body, renew: false })

export const logout = () => http<void>('POST', 'auth/logout')

export const fetchServer = () => http<Server>('GET', 'server', { renew: false })

export const changeProfile = (body: ChangeProfile) => http<OwnAccount>('PATCH', 'me', { body })

export const changeFace = (image: string) =>
  http<OwnAccount>('PUT', 'me/avatar', { body: { image } })

export const removeFace = () => http<void>('DELETE', 'me/avatar')

export const changePassword = (body: ChangePassword) => http<void>('POST', 'me/password', { body })

export const fetchDevices = () => http<DeviceList>('GET', 'me/devices')

export const renameDevice = (id: string, name: string) =>
  http<Device>('PATCH', `me/devices/${id}`, { body: { name } })

export const signOutDevice = (id: string) => http<void>('DELETE', `me/devices/${id}`)

export const signOutOthers = () => http<void>('DELETE', 'me/devices')

export const fetchInvite = (code: string) =>
  http<InvitePreview>('GET', `invites/${encodeURIComponent(code)}`)

export const acceptInvite = (code: string) =>
  http<Joined>('POST', `invites/${encodeURIComponent(code)}/accept`)
