import type { Room } from '@/wire/rooms'
import type { Own, RoomSnapshot, Snapshot } from '@/wire/sync'

/** Fields that most tests are not about: a new one on the wire is named here, once. */

export const plainWords = {
  here: [] as string[],
  thread: null,
  in_room: true,
  forwarded: null,
  expires_at: null,
}

export const plainRoom: Pick<
  Room,
  | 'posting'
  | 'thread_replies'
  | 'slow_mode'
  | 'avatar'
  | 'message_ttl'
  | 'room_mentions'
  | 'previews'
> = {
  posting: 'everyone',
  thread_replies: true,
  slow_mode: 0,
  avatar: null,
  message_ttl: null,
  room_mentions: 'auto',
  previews: true,
}

export const plainOwn = (): Pick<
  Own,
  'hidden' | 'threads' | 'preferences' | 'timed_out_until'
> => ({
  hidden: [],
  threads: [],
  preferences: { muted: false, muted_until: null, level: null, favourite: false, section_id: null },
  timed_out_until: null,
})

export const plainMember = { timed_out_until: null }

export const plainRest = (): Pick<RoomSnapshot, 'receipts'> => ({ receipts: [] })

export const plainMine = (): Pick<
  Snapshot,
  'drafts' | 'arrangement' | 'circle' | 'availability' | 'rung' | 'failed'
> => ({
  drafts: [],
  arrangement: { default_level: 'mentions', sections: [], collapsed: [] },
  circle: {
    privacy: {
      may_message: 'everyone',
      may_add: 'everyone',
      may_find: 'everyone',
      hide_receipts: false,
      hide_last_seen: false,
    },
    contacts: [],
    blocked: [],
  },
  availability: { dnd: false, dnd_until: null, schedule: [], time_zone: null },
  rung: [],
  failed: [],
})
