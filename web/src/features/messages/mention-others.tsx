import { UsersRoundIcon } from 'lucide-react'
import { m } from '@/i18n/paraglide/messages.js'
import type { Completion } from '@/lib/composer-parts'
import { http } from '@/lib/http'
import type { Engine } from '@/sync/engine'
import type { Account, People } from '@/wire/accounts'
import type { GroupList } from '@/wire/groups'
import type { MemberList } from '@/wire/members'
import { completion } from './mention-completer'
import { useOutsiders } from './outsiders'

const OTHERS = 4

/** Members that are not held here, then people who are not in the room, then groups. */
export async function othersNamed(
  engine: Engine,
  query: string,
  roomId: string,
): Promise<readonly Completion[]> {
  const room = engine.store.getState().rooms[roomId]
  if (!room || room.room.kind === 'direct') return []
  const isWhole = room.room.kind !== 'channel'
  const [members, people, groups] = await Promise.all([
    isWhole ? room.members : membersNamed(roomId, query),
    query === '' ? [] : peopleNamed(query),
    groupsNamed(query),
  ])
  const strangers = people.filter((one) => !members.some((member) => member.account.id === one.id))
  const inside =
    isWhole || strangers.length === 0 ? new Set<string>() : await membersOf(roomId, strangers)
  const outside = strangers.filter((one) => !inside.has(one.id))
  useOutsiders.getState().meet(roomId, outside)
  return [
    ...(isWhole ? [] : members.slice(0, OTHERS).map((member) => completion(member.account))),
    ...outside.slice(0, OTHERS).map((one) => completion(one, m.mentions_not_here())),
    ...groups,
  ]
}

async function membersNamed(roomId: string, query: string): Promise<MemberList['members']> {
  return (await http<MemberList>('GET', `rooms/${roomId}/members`, { query: { query } })).members
}

/** Those of these people who are in the room. */
async function membersOf(roomId: string, people: readonly Account[]): Promise<ReadonlySet<string>> {
  const ids = people.map((one) => `id=${one.id}`).join('&')
  const { members } = await http<MemberList>('GET', `rooms/${roomId}/members?${ids}`)
  return new Set(members.map((member) => member.account.id))
}

async function peopleNamed(query: string): Promise<Account[]> {
  return (await http<People>('GET', 'people', { query: { query } })).people
}

async function groupsNamed(query: string): Promise<Completion[]> {
  const { groups } = await http<GroupList>('GET', 'groups')
  const wanted = query.toLowerCase()
  return groups
    .filter(
      (group) => group.handle.startsWith(wanted) || group.name.toLowerCase().startsWith(wanted),
    )
    .slice(0, OTHERS)
    .map((group) => ({
      id: group.id,
      label: group.name,
      detail: `@${group.handle} · ${m.mentions_group({ count: group.member_count })}`,
      icon: <UsersRoundIcon aria-hidden="true" className="size-5 text-muted" />,
      insert: `@${group.handle}`,
    }))
}
