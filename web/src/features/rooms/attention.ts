import type { Level, RoomPreferences } from '@/wire/preferences'
import type { RoomKind } from '@/wire/rooms'
import type { Unread } from './unread'

/** What a room's row shows: a number, 0 for none, and whether there is something new to see. */
export interface Attention {
  badge: number
  bold: boolean
}

export const isMuted = (wanted: RoomPreferences, now: number) =>
  wanted.muted && (wanted.muted_until === null || Date.parse(wanted.muted_until) > now)

/** R8, the twin of the server's `preferences/policy.py`; both are tested with one table. */
export function attention(
  wanted: RoomPreferences,
  kind: RoomKind,
  fallback: Level,
  now: number,
  unread: Unread,
): Attention {
  const level = wanted.level ?? (kind === 'direct' ? 'everything' : fallback)
  if (level === 'nothing') return { badge: 0, bold: false }
  if (isMuted(wanted, now)) return { badge: unread.mentions, bold: false }
  const badge = level === 'everything' ? unread.messages : unread.mentions
  return { badge, bold: unread.messages > 0 }
}
