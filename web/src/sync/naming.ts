import { formatList } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import type { Account } from '@/wire/accounts'
import type { RoomSnapshot } from '@/wire/sync'

/** Names shown before "and 3 others". */
const NAMES_SHOWN = 3

/** Who else sits here, where the room says so (direct rooms and groups). */
export const othersIn = (room: RoomSnapshot, myId: string | null): readonly Account[] =>
  room.members.map((member) => member.account).filter((account) => account.id !== myId)

/** What people call this room: its name, or else the others in it. */
export function roomTitle(room: RoomSnapshot, myId: string | null): string {
  if (room.room.name) return room.room.name
  const names = othersIn(room, myId).map((person) => person.display_name)
  if (names.length === 0) return m.rooms_just_you()
  if (names.length <= NAMES_SHOWN + 1) return formatList(names)
  const shown = names.slice(0, NAMES_SHOWN)
  return formatList([...shown, m.rooms_n_others({ count: names.length - NAMES_SHOWN })])
}
