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
  const first = room?.me.unread.find((seq) => seq > read)
  return first === undefined ? { seq: null, why: 'end' } : { seq: first, why: 'unread' }
}

const readOf = (state: State, roomId: string) =>
  Math.max(state.rooms[roomId]?.me.read_seq ?? 0, state.readHere[roomId] ?? 0)

/**
 * Above which `seq` the "New" divider stands: the read position when the room was opened. It stays
 * there while I read, and moves on only when I come back to a window I had left.
 */
export function useReadMark(roomId: string): number | null {
  const engine = useEngine()
  const [mark, setMark] = useState<number | null>(() => readOf(engine.store.getState(), roomId))
  useEffect(() => {
    const left = () => {
      if (!isAttended()) setMark(readOf(engine.store.getState(), roomId))
    }
    addEventListener('blur', left)
    document.addEventListener('visibilitychange', left)
    return () => {
      removeEventListener('blur', left)
      document.removeEventListener('visibilitychange', left)
    }
  }, [engine, roomId])
  return mark
}
