import type { ApplyTable } from '@/sync/dispatch'
import { withoutReceipt } from '@/sync/receipts'
import { forgetRoom, meet, roomOf } from '@/sync/reducer'
import type { Replica } from '@/sync/state'
import type { Account } from '@/wire/accounts'
import type { Member } from '@/wire/rooms'
import type { RoomSnapshot } from '@/wire/sync'

/** R4–R6, and S6's forgetting. (S6's fetching is an effect: `sync/log.ts`.) */
export const roomsApply: ApplyTable = {
  'room.created': (replica) => replica,
  'room.changed': (replica, { data: { room } }) =>
    change(replica, room.id, (held) => ({ ...held, room })),
  'room.joined': (replica) => replica,
  'room.left': (replica, { data: { room_id } }) => forgetRoom(replica, room_id),
  'room.read': (replica, { data: { room_id, read_seq } }) =>
    change(replica, room_id, (held) => readTo(held, read_seq)),
  'rooms.read': (replica, { data: { positions } }) =>
    positions.reduce(
      (held, { room_id, read_seq }) => change(held, room_id, (room) => readTo(room, read_seq)),
      replica,
    ),
  // Told as of an earlier place than ours, the room is fetched instead (`sync/log.ts`).
  'room.unread': (replica, { data: { room_id, head, read_seq, unread, mentions } }) =>
    change(replica, room_id, (held) =>
      held.head > head ? held : { ...held, me: { ...held.me, read_seq, unread, mentions } },
    ),
  'preference.changed': (replica, { data: { room_id, preferences } }) =>
    change(replica, room_id, (held) => ({ ...held, me: { ...held.me, preferences } })),
  'arrangement.changed': (replica, { data: { arrangement } }) => ({
    ...replica,
    own: { ...replica.own, arrangement },
  }),
  'member.joined': (replica, { stream, data: { member } }) => {
    const met = meet(replica, [member.account])
    return changeMembers(met, roomOf(stream), 1, (members) => [
      ...members.filter((other) => other.account.id !== member.account.id),
      member,
    ])
  },
  'member.left': (replica, { stream, data: { account_id } }) =>
    change(
      changeMembers(replica, roomOf(stream), -1, (members) =>
        members.filter((member) => member.account.id !== account_id),
      ),
      roomOf(stream),
      (held) => withoutReceipt(held, account_id),
    ),
  'member.role_changed': (replica, { stream, data: { account_id, role } }) => {
    const roomId = roomOf(stream)
    const changed = changeMembers(replica, roomId, 0, (members) =>
      members.map((member) => (member.account.id === account_id ? { ...member, role } : member)),
    )
    if (account_id !== replica.account?.id) return changed
    return change(changed, roomId, (held) => ({ ...held, me: { ...held.me, role } }))
  },
  'member.timed_out': (replica, { stream, data: { account_id, until } }) => {
    const roomId = roomOf(stream)
    const changed = changeMembers(replica, roomId, 0, (members) =>
      members.map((member) =>
        member.account.id === account_id ? { ...member, timed_out_until: until } : member,
      ),
    )
    if (account_id !== replica.account?.id) return changed
    return change(changed, roomId, (held) => ({
      ...held,
      me: { ...held.me, timed_out_until: until },
    }))
  },
  'member.changed': (replica, { stream, data: { account } }) =>
    changeMembers(meet(replica, [account]), roomOf(stream), 0, (members) =>
      members.map((member) => withAccount(member, account)),
    ),
}

const readTo = (held: RoomSnapshot, readSeq: number): RoomSnapshot => ({
  ...held,
  me: {
    ...held.me,
    read_seq: Math.max(held.me.read_seq, readSeq),
    unread: held.me.unread.filter((seq) => seq > readSeq),
    mentions: held.me.mentions.filter((seq) => seq > readSeq),
  },
})

const withAccount = (member: Member, account: Account): Member =>
  member.account.id === account.id ? { ...member, account } : member

function change(
  replica: Replica,
  roomId: string | null,
  by: (held: RoomSnapshot) => RoomSnapshot,
): Replica {
  const held = roomId === null ? undefined : replica.rooms[roomId]
  if (!held || roomId === null) return replica
  return { ...replica, rooms: { ...replica.rooms, [roomId]: by(held) } }
}

/** Channels do not carry their members, but a roster somebody asked for follows along. */
function changeMembers(
  replica: Replica,
  roomId: string | null,
  moved: number,
  by: (members: readonly Member[]) => Member[],
): Replica {
  const next = change(replica, roomId, (held) => ({
    ...held,
    member_count: held.member_count + moved,
    members: held.room.kind === 'channel' ? held.members : by(held.members),
  }))
  const roster = roomId === null ? undefined : replica.rosters[roomId]
  if (!roster || roomId === null) return next
  return { ...next, rosters: { ...next.rosters, [roomId]: by(roster) } }
}
