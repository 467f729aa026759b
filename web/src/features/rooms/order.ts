import { byNewest, fold } from '@/lib/text'
import { attentionOf } from '@/sync/attention'
import { roomTitle } from '@/sync/naming'
import type { State } from '@/sync/state'
import type { RoomSnapshot } from '@/wire/sync'

/** A heading of the list and the rooms under it. `name` is null for the three that are always ours. */
export interface Group {
  /** `favourites`, `places`, `people`, or the id of a section of mine. */
  id: string
  name: string | null
  collapsed: boolean
  /** Ids in the order shown; under a folded heading only what calls. */
  rooms: readonly string[]
}

type Held = Pick<State, 'rooms' | 'account' | 'own' | 'readHere'>

const spokeAt = (room: RoomSnapshot) => room.last_message?.sent_at ?? room.me.joined_at

/**
 * Favourites, my sections, places, people. Places by name, so that they stay where hands remember
 * them; people by who spoke last. `here` is the room in front: no heading hides it.
 */
export function groupsOf(state: Held, filter = '', here: string | null = null): Group[] {
  const myId = state.account?.id ?? null
  const wanted = fold(filter.trim())
  const titled = Object.values(state.rooms)
    .map((room) => ({ room, title: roomTitle(room, myId) }))
    .filter(({ title }) => fold(title).includes(wanted))
  const { sections, collapsed } = state.own.arrangement
  const known = new Set(sections.map((section) => section.id))
  const place = ({ room }: { room: RoomSnapshot }) => {
    const { favourite, section_id } = room.me.preferences
    if (favourite) return 'favourites'
    if (section_id !== null && known.has(section_id)) return section_id
    return isPlace(room) ? 'places' : 'people'
  }
  const byGroup = Map.groupBy(titled, place)
  const group = (id: string, name: string | null = null): Group => {
    const folded = wanted === '' && collapsed.includes(id)
    const rows = [...(byGroup.get(id) ?? [])].sort(id === 'people' ? byTime : byTitle)
    const shown = folded ? rows.filter(({ room }) => stays(room, state, here)) : rows
    return { id, name, collapsed: folded, rooms: shown.map(({ room }) => room.room.id) }
  }
  return [
    ...(byGroup.has('favourites') ? [group('favourites')] : []),
    ...sections.map((section) => group(section.id, section.name)),
    group('places'),
    group('people'),
  ]
}

const stays = (room: RoomSnapshot, state: Held, here: string | null) =>
  room.room.id === here || attentionOf(room, state).badge > 0

const isPlace = (room: RoomSnapshot) => room.room.kind === 'channel' || room.room.name !== null
const isArchived = (room: RoomSnapshot) => room.room.archived_at !== null

interface Titled {
  room: RoomSnapshot
  title: string
}

const byTitle = (a: Titled, b: Titled) =>
  Number(isArchived(a.room)) - Number(isArchived(b.room)) || a.title.localeCompare(b.title)
const byTime = (a: Titled, b: Titled) => byNewest(spokeAt(a.room), spokeAt(b.room))

/** `groupsOf` for a screen that asks at every change: most changes move no room. */
export function rememberedGroups() {
  let held: { asked: readonly unknown[]; groups: Group[] } | null = null
  return (state: Held, filter: string, here: string | null): Group[] => {
    const folds = state.own.arrangement.collapsed.length > 0
    // What is read here matters only where a folded heading shows what calls.
    const asked = [state.rooms, state.account?.id, state.own, filter, here, folds && state.readHere]
    if (held && asked.every((one, index) => one === held?.asked[index])) return held.groups
    const groups = groupsOf(state, filter, here)
    const same = held && JSON.stringify(held.groups) === JSON.stringify(groups)
    held = { asked, groups: same && held ? held.groups : groups }
    return held.groups
  }
}

/** The neighbour of the room in front, around the ends; null where there is none. */
export function neighbour(
  all: readonly string[],
  here: string | null,
  step: 1 | -1,
): string | null {
  if (all.length === 0) return null
  const at = here === null ? -1 : all.indexOf(here)
  if (at < 0) return (step > 0 ? all[0] : all.at(-1)) ?? null
  return all[(at + step + all.length) % all.length] ?? null
}
