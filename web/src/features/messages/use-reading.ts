import { useEffect, useRef } from 'react'
import { useEngine } from '@/sync/react'
import { usePane } from './pane-store'

/** Somebody is looking: the tab is in front and the window has the focus. */
export const isAttended = () => document.visibilityState === 'visible' && document.hasFocus()

/**
 * The read rule: what was in view while somebody was looking is read. `seenSeq` tells the last
 * `seq` in view at this moment, or null where looking is not reading (a permalink's context).
 */
export function useReading(seenSeq: () => number | null): () => void {
  const engine = useEngine()
  const { roomId, threadId } = usePane()
  const told = useRef(0)
  const seen = useRef(seenSeq)
  seen.current = seenSeq
  const look = useRef(() => {
    if (!isAttended()) return
    const seq = seen.current()
    if (seq === null) return
    if (threadId === null) engine.markRead(roomId, seq)
    else if (seq > told.current) {
      told.current = seq
      engine.readThread(roomId, threadId, seq)
    }
  })
  // Kept unread only until it is opened anew.
  useEffect(() => engine.look(roomId), [engine, roomId])
  useEffect(() => {
    const again = look.current
    addEventListener('focus', again)
    document.addEventListener('visibilitychange', again)
    return () => {
      removeEventListener('focus', again)
      document.removeEventListener('visibilitychange', again)
    }
  }, [])
  return look.current
}
