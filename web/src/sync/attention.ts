import type { Level, RoomPreferences } from '@/wire/preferences'
import type { RoomKind } from '@/wire/rooms'
import type { RoomSnapshot } from '@/wire/sync'
import type { State } from './state'
import { callsOf, newsOf } from './threads'

/** What I have not seen of a room. */
export interface Unread {
  messages: number
  mentions: number
  /** Of each thread that I follow and that has news: how many of its replies call me. */
  threads: readonly number[]
}

/** What of it asks for my attention. */
export interface Attention {
  /** The number at the room, 0 for none. */
  badge: number
  /** There is something new to see in it. */
  bold: boolean
  /** How many of its threads call. */
  threads: number
  /** How many messages call me, in the room and in its threads. */
  mentions: number
}

export const isMuted = (wanted: RoomPreferences, now: number) =>
  wanted.muted && (wanted.muted_until === null || Date.parse(wanted.muted_until) > now)

/** R8, the twin of the server's `preferences/policy.py`; both are tested with one table. */
export function attention(
  wanted: RoomPreferences,
  kind: RoomKind,
  fallback: Level,
  now: number,
  { messages, mentions, threads }: Unread,
): Attention {
  const level = wanted.level ?? (kind === 'direct' ? 'everything' : fallback)
  if (level === 'nothing') return { badge: 0, bold: false, threads: 0, mentions: 0 }
  const calling = threads.filter((calls) => calls > 0)
  const calls = threads.reduce((sum, one) => sum + one, mentions)
  if (isMuted(wanted, now)) {
    return { badge: mentions, bold: false, threads: calling.length, mentions: calls }
  }
  const badge = level === 'everything' ? messages : mentions
  return { badge, bold: messages > 0, threads: threads.length, mentions: calls }
}

/** On any device or on this one. */
export function unreadOf(room: RoomSnapshot, readHere: State['readHere']): Unread {
  const read = Math.max(room.me.read_seq, readHere[room.room.id] ?? 0)
  const above = (seqs: readonly number[]) => seqs.filter((seq) => seq > read).length
  const threads = room.me.threads.filter((one) => newsOf(one).length > 0)
  return {
    messages: above(room.me.unread),
    mentions: above(room.me.mentions),
    threads: threads.map((one) => callsOf(one).length),
  }
}

/** As I want to be asked. */
export function attentionOf(
  room: RoomSnapshot,
  { readHere, own }: Pick<State, 'readHere' | 'own'>,
): Attention {
  const level = own.arrangement.default_level
  const { kind } = room.room
  return attention(room.me.preferences, kind, level, Date.now(), unreadOf(room, readHere))
}

/** The sum over all my rooms. */
export const sumOf = (
  state: Pick<State, 'rooms' | 'readHere' | 'own'>,
  what: 'threads' | 'mentions',
) => Object.values(state.rooms).reduce((sum, room) => sum + attentionOf(room, state)[what], 0)
