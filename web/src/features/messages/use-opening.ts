import { useEffect, useState } from 'react'
import { useEngine, useSync } from '@/sync/react'
import type { State } from '@/sync/state'
import { isAttended } from './use-reading'
import type { Opening } from './use-view'

/** Where to begin: at the link's message, else at the first unread, else at the end. Decided once. */
export function useOpening(roomId: string, at: string | undefined): Opening | 'missing' | null {
  const engine = useEngine()
  const known = useSync((state) => state.rooms[roomId] !== undefined)
  const [opening, setOpening] = useState<Opening | 'missing' | null>(null)
  useEffect(() => {
    if (!known) return
    if (at === undefined) {
      // Opened already: closing a panel takes `at` off the address, and must not move the reader.
      setOpening((was) => was ?? begin(engine.store.getState(), roomId))
      return
    }
    const seq = /^\d+$/.test(at) ? Number(at) : null
    if (seq !== null) {
      setOpening({ seq, why: 'link' })
      return
    }
    let current = true
    engine.seqOf(roomId, at).then(
      (found) => current && setOpening({ seq: found, why: 'link' }),
      () => current && setOpening('missing'),
    )
    return () => {
      current = false
    }
  }, [engine, roomId, at, known])
  return opening
}

function begin(state: State, roomId: string): Opening {
  const room = state.rooms[roomId]
  const read = readOf(state, roomId)
  const unread = room?.me.unread.filter((seq) => seq > read) ?? []
  const [first] = unread
  if (first === undefined) return { seq: null, why: 'end' }
  // The list names the newest hundred: where it is full, the first unread lies before it.
  return { seq: unread.length < UNREAD_NAMED ? first : read + 1, why: 'unread' }
}

const UNREAD_NAMED = 100

const readOf = (state: State, roomId: string) =>
  Math.max(state.rooms[roomId]?.me.read_seq ?? 0, state.readHere[roomId] ?? 0)

/**
 * Above which `seq` the "New" divider stands, or null for none: the read position when the room was
 * opened with something unread. It stays there while I read. What comes while I look is not new;
 * what comes while I am away is, from where I left.
 */
export function useReadMark(roomId: string): number | null {
  const engine = useEngine()
  const [mark, setMark] = useState(() => unreadFrom(engine.store.getState(), roomId))
  useEffect(() => {
    let left: { at: number; mark: number | null } | null = null
    const look = () => {
      const state = engine.store.getState()
      if (!isAttended()) {
        if (left !== null || unreadFrom(state, roomId) !== null) return
        const at = readOf(state, roomId)
        setMark((mark) => {
          left ??= { at, mark }
          return at
        })
      } else if (left !== null) {
        // Nothing came while I was away: what comes now is not new either.
        const before = left
        if (!spokeSince(state, roomId, before.at)) setMark(before.mark)
        left = null
      }
    }
    look()
    for (const sign of ['blur', 'focus']) addEventListener(sign, look)
    document.addEventListener('visibilitychange', look)
    return () => {
      for (const sign of ['blur', 'focus']) removeEventListener(sign, look)
      document.removeEventListener('visibilitychange', look)
    }
  }, [engine, roomId])
  return mark
}

function spokeSince(state: State, roomId: string, seq: number): boolean {
  const last = state.rooms[roomId]?.last_message
  return !!last && last.seq > seq && last.author_id !== state.account?.id
}

/** My read position where something lies unread above it. */
function unreadFrom(state: State, roomId: string): number | null {
  const read = readOf(state, roomId)
  return state.rooms[roomId]?.me.unread.some((seq) => seq > read) ? read : null
}
