import { fold } from '@/lib/text'
import type { State } from '@/sync/state'
import type { RoomSnapshot } from '@/wire/sync'
import { roomTitle } from './naming'

export interface Sections {
  /** Ids in the order shown. */
  places: readonly string[]
  people: readonly string[]
}

const spokeAt = (room: RoomSnapshot) => room.last_message?.sent_at ?? room.me.joined_at

/** Places by name, so that they stay where hands remember them; people by who spoke last. */
export function sectionsOf(state: Pick<State, 'rooms' | 'account'>, filter = ''): Sections {
  const myId = state.account?.id ?? null
  const wanted = fold(filter.trim())
  const titled = Object.values(state.rooms)
    .map((room) => ({ room, title: roomTitle(room, myId) }))
    .filter(({ title }) => fold(title).includes(wanted))
  const isPlace = (room: RoomSnapshot) => room.room.kind === 'channel' || room.room.name !== null
  const places = titled
    .filter(({ room }) => isPlace(room))
    .sort(
      (a, b) =>
        Number(isArchived(a.room)) - Number(isArchived(b.room)) || a.title.localeCompare(b.title),
    )
  const people = titled
    .filter(({ room }) => !isPlace(room))
    .sort((a, b) => spokeAt(b.room).localeCompare(spokeAt(a.room)))
  return { places: ids(places), people: ids(people) }
}

/** `sectionsOf` for a screen that asks at every change: most changes move no room. */
export function rememberedSections() {
  let held: { rooms: State['rooms']; myId: string | undefined; filter: string; sections: Sections }
  return (state: Pick<State, 'rooms' | 'account'>, filter: string): Sections => {
    const myId = state.account?.id
    if (held?.rooms === state.rooms && held.myId === myId && held.filter === filter)
      return held.sections
    held = { rooms: state.rooms, myId, filter, sections: sectionsOf(state, filter) }
    return held.sections
  }
}

const isArchived = (room: RoomSnapshot) => room.room.archived_at !== null
const ids = (rows: readonly { room: RoomSnapshot }[]) => rows.map(({ room }) => room.room.id)

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
