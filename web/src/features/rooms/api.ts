import { http } from '@/lib/http'
import type { People } from '@/wire/accounts'
import type { CreateInvite, Invite, InviteList } from '@/wire/invites'
import type { BanList, MemberList, TimeOut } from '@/wire/members'
import type { ChangeRoom, CreateRoom, Member, Role, Room, RoomList } from '@/wire/rooms'
import type { RoomSnapshot } from '@/wire/sync'

export const createRoom = (body: CreateRoom) => http<RoomSnapshot>('POST', 'rooms', { body })

export const changeRoom = (roomId: string, body: ChangeRoom) =>
  http<Room>('PATCH', `rooms/${roomId}`, { body })

export const joinRoom = (roomId: string) => http<RoomSnapshot>('POST', `rooms/${roomId}/join`)

export const leaveRoom = (roomId: string) => http<void>('POST', `rooms/${roomId}/leave`)

export const publicRooms = (query: string, cursor: string | null) =>
  http<RoomList>('GET', 'rooms/public', { query: { query, cursor } })

export const people = (query: string) => http<People>('GET', 'people', { query: { query } })

/** All members, page by page. */
export async function members(roomId: string): Promise<Member[]> {
  const all: Member[] = []
  let cursor: string | null = null
  do {
    const page: MemberList = await http('GET', `rooms/${roomId}/members`, { query: { cursor } })
    all.push(...page.members)
    cursor = page.next
  } while (cursor !== null)
  return all
}

export const addMembers = (roomId: string, accountIds: readonly string[]) =>
  http<MemberList>('POST', `rooms/${roomId}/members`, { body: { account_ids: accountIds } })

export const changeRole = (roomId: string, accountId: string, role: Role) =>
  http<Member>('PATCH', `rooms/${roomId}/members/${accountId}`, { body: { role } })

export const memberPage = (roomId: string, query: string, cursor: string | null) =>
  http<MemberList>('GET', `rooms/${roomId}/members`, { query: { query: query || null, cursor } })

export const removeMember = (roomId: string, accountId: string, reason: string) =>
  http<void>('DELETE', `rooms/${roomId}/members/${accountId}`, { query: { reason } })

export const timeOut = (roomId: string, accountId: string, body: TimeOut) =>
  http<Member>('PUT', `rooms/${roomId}/members/${accountId}/time-out`, { body })

export const bans = (roomId: string, cursor: string | null) =>
  http<BanList>('GET', `rooms/${roomId}/bans`, { query: { cursor } })

export const ban = (roomId: string, accountId: string, reason: string) =>
  http<void>('POST', `rooms/${roomId}/bans`, { body: { account_id: accountId, reason } })

export const liftBan = (roomId: string, accountId: string) =>
  http<void>('DELETE', `rooms/${roomId}/bans/${accountId}`)

export const invites = (roomId: string) => http<InviteList>('GET', `rooms/${roomId}/invites`)

export const createInvite = (roomId: string, body: CreateInvite) =>
  http<Invite>('POST', `rooms/${roomId}/invites`, { body })

export const revokeInvite = (roomId: string, inviteId: string) =>
  http<void>('DELETE', `rooms/${roomId}/invites/${inviteId}`)
