import { useEffect, useState } from 'react'
import type { Engine } from '@/sync/engine'

const SAVE_AFTER_MS = 300

/** Keeps a room's draft on disk: soon after the last key, and at once when the page goes away. */
export function useDraft(engine: Engine, roomId: string) {
  const [draft] = useState(() => ({
    saved: engine.store.getState().drafts[roomId],
    ...draftKeeper(engine, roomId),
  }))
  useEffect(() => {
    addEventListener('pagehide', draft.flush)
    document.addEventListener('visibilitychange', draft.flush)
    return () => {
      removeEventListener('pagehide', draft.flush)
      document.removeEventListener('visibilitychange', draft.flush)
      draft.flush()
    }
  }, [draft])
  return draft
}

function draftKeeper(engine: Engine, roomId: string) {
  let waiting: { text: string; replyTo: string | null } | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  const flush = () => {
    clearTimeout(timer)
    if (waiting) engine.words.saveDraft(roomId, waiting.text, waiting.replyTo)
    waiting = null
  }
  return {
    flush,
    save: (text: string, replyTo: string | null) => {
      waiting = { text, replyTo }
      clearTimeout(timer)
      timer = setTimeout(flush, SAVE_AFTER_MS)
    },
    /** Sent: the draft went with it. */
    drop: () => {
      clearTimeout(timer)
      waiting = null
    },
  }
}
