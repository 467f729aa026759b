import type { Rights } from '@/lib/row-parts'
import type { Role, Room, RoomKind } from '@/wire/rooms'
import type { RoomSnapshot } from '@/wire/sync'

/**
 * The twin of the server's `rooms/policy.py`: what a screen offers is what the server allows.
 * The server decides; this only spares people buttons that would be refused.
 */
export type Can =
  | 'leave'
  | keyof Rights
  | 'mention_room'
  | 'invite'
  | 'add'
  | 'change'
  | 'remove'
  | 'ban'
  | 'see_bans'
  | 'see_invites'
  | 'revoke_invite'
  | 'change_role'
  | 'moderate'
  | 'change_visibility'
  | 'archive'

const rank: Record<Role, number> = { guest: 0, member: 1, moderator: 2, owner: 3 }

/** The least role for it, by kind of room; null where such a room knows no such thing. */
const least: Record<Can, Record<RoomKind, Role | null>> = {
  leave: { channel: 'guest', group: 'guest', direct: null },
  post: { channel: 'guest', group: 'guest', direct: 'guest' },
  reply: { channel: 'guest', group: 'guest', direct: 'guest' },
  edit: { channel: 'guest', group: 'guest', direct: 'guest' },
  delete: { channel: 'guest', group: 'guest', direct: 'guest' },
  react: { channel: 'guest', group: 'guest', direct: 'guest' },
  mention_room: { channel: 'member', group: 'member', direct: 'member' },
  invite: { channel: 'member', group: 'member', direct: null },
  add: { channel: 'member', group: 'member', direct: null },
  change: { channel: 'moderator', group: 'member', direct: null },
  remove: { channel: 'moderator', group: 'moderator', direct: null },
  ban: { channel: 'moderator', group: 'moderator', direct: null },
  see_bans: { channel: 'moderator', group: 'moderator', direct: null },
  see_invites: { channel: 'moderator', group: 'moderator', direct: null },
  revoke_invite: { channel: 'moderator', group: 'moderator', direct: null },
  change_role: { channel: 'moderator', group: 'moderator', direct: null },
  moderate: { channel: 'moderator', group: 'moderator', direct: null },
  delete_any: { channel: 'moderator', group: 'moderator', direct: null },
  change_visibility: { channel: 'owner', group: null, direct: null },
  archive: { channel: 'owner', group: 'owner', direct: null },
}

/** An archived room is read, left, brought back or closed to old links; nothing else. */
const whenArchived = new Set<Can>(['leave', 'archive', 'see_bans', 'see_invites', 'revoke_invite'])

type Judged = Pick<Room, 'kind' | 'archived_at'> & Partial<Pick<Room, 'posting' | 'thread_replies'>>

export function may(can: Can, room: Judged, role: Role): boolean {
  if (room.archived_at !== null && !whenArchived.has(can)) return false
  const speaks = can === 'post' || (can === 'reply' && room.thread_replies === false)
  const announces = speaks && room.posting === 'moderators'
  const needed = announces ? 'moderator' : least[can][room.kind]
  return needed !== null && rank[role] >= rank[needed]
}

/** What I may do with a room's messages; who is timed out says nothing, not even by a reaction. */
export function rightsIn({ room, me }: Pick<RoomSnapshot, 'room' | 'me'>, now: number): Rights {
  const can = (what: keyof Rights) => may(what, room, me.role)
  const heard = !isTimedOut(me.timed_out_until, now)
  return {
    post: heard && can('post'),
    reply: heard && can('reply'),
    react: heard && can('react'),
    edit: heard && can('edit'),
    delete: can('delete'),
    delete_any: can('delete_any'),
  }
}

/** Only reading, for a while. */
export const isTimedOut = (until: string | null, now: number) =>
  until !== null && Date.parse(until) > now

const isBelowModerator = (role: Role) => rank[role] < rank.moderator

/** Owners give and take every role; moderators choose between member and guest; all may step down. */
export function mayChangeRole(actor: Role, target: Role, next: Role, own: boolean): boolean {
  if (actor === 'owner') return true
  if (own) return rank[next] <= rank[actor]
  return actor === 'moderator' && isBelowModerator(target) && isBelowModerator(next)
}

/** Remove or ban. Moderators touch neither owners nor one another. */
export const mayRemove = (actor: Role, target: Role): boolean =>
  actor === 'owner' || (actor === 'moderator' && isBelowModerator(target))

export const roles: readonly Role[] = ['owner', 'moderator', 'member', 'guest']

export const byRank = (a: Role, b: Role) => rank[b] - rank[a]
