import { m } from '@/i18n/paraglide/messages.js'
import type { RoomAction } from '@/lib/room-parts'
import { isMuted, unreadOf } from '@/sync/attention'
import type { Engine } from '@/sync/engine'
import { may } from './policy'

/** What a row's menu may have to ask in a dialog of its own. */
export type RowQuestion = 'notify' | 'move' | 'leave'

/** The menu of a room in the list: right click, long press, Shift+F10. */
export function rowActions(
  engine: Engine,
  roomId: string,
  ask: (question: RowQuestion, roomId: string) => void,
): (RoomAction | null)[] {
  const state = engine.store.getState()
  const room = state.rooms[roomId]
  if (!room) return []
  const { preferences, read_seq } = room.me
  const change = async (wanted: object) =>
    (await import('./preferences-api')).changePreferences(roomId, wanted)
  const isUnread = unreadOf(room, state.readHere).messages > 0
  const last = room.last_message
  return [
    isUnread
      ? { id: 'read', label: m.life_mark_read(), run: () => engine.markRead(roomId, room.head) }
      : {
          id: 'unread',
          label: m.life_mark_unread(),
          run: () => void engine.markUnread(roomId, last?.seq ?? Math.max(1, read_seq)),
        },
    {
      id: 'favour',
      label: preferences.favourite ? m.life_unfavour() : m.life_favour(),
      run: () => void change({ favourite: !preferences.favourite }),
    },
    { id: 'move', label: m.life_move(), run: () => ask('move', roomId) },
    null,
    ...(isMuted(preferences, Date.now())
      ? [{ id: 'unmute', label: m.life_unmute(), run: () => void change({ muted: false }) }]
      : []),
    { id: 'notify', label: m.life_notify(), run: () => ask('notify', roomId) },
    ...(may('leave', room.room, room.me.role)
      ? [
          null,
          { id: 'leave', label: m.life_leave(), danger: true, run: () => ask('leave', roomId) },
        ]
      : []),
  ]
}
