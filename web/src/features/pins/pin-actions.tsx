import { PinIcon, PinOffIcon } from 'lucide-react'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { http, isConflict } from '@/lib/http'
import type { RowAction, RowPart } from '@/lib/row-parts'
import type { Engine } from '@/sync/engine'
import { toast } from '@/ui/toasts'
import type { RoomSnapshot } from '@/wire/sync'

/** Members in groups and direct rooms, moderators in channels: the server's `rooms/policy.py`. */
export const mayPin = ({ room, me }: RoomSnapshot): boolean =>
  room.archived_at === null &&
  (me.role === 'owner' ||
    me.role === 'moderator' ||
    (me.role === 'member' && room.kind !== 'channel'))

export const pinActions =
  (engine: Engine) =>
  ({ message }: RowPart): readonly RowAction[] => {
    const room = engine.store.getState().rooms[message.room_id]
    const kind = message.body.kind
    const gone = kind === 'system' || kind === 'deleted' || kind === 'expired'
    if (!room || gone || !mayPin(room)) return []
    const pinned = message.pinned !== null
    return [
      {
        id: 'pin',
        label: pinned ? m.pins_unpin() : m.pins_pin(),
        icon: pinned ? <PinOffIcon aria-hidden="true" /> : <PinIcon aria-hidden="true" />,
        run: () => void setPin(message.room_id, message.id, !pinned),
      },
    ]
  }

export async function setPin(roomId: string, messageId: string, pinned: boolean): Promise<void> {
  try {
    await http(pinned ? 'PUT' : 'DELETE', `rooms/${roomId}/messages/${messageId}/pin`)
    if (!pinned) toast(m.pins_unpinned())
  } catch (error) {
    toast(isConflict(error) ? m.pins_full() : errorText(error), { tone: 'danger' })
  }
}
