import { useEffect, useState } from 'react'
import { draftOf } from '@/sync/drafts'
import type { Engine } from '@/sync/engine'

const SAVE_AFTER_MS = 300

/** Keeps a room's draft on disk: soon after the last key, and at once when the page goes away. */
export function useDraft(engine: Engine, roomId: string, thread: string | null) {
  const [draft] = useState(() => ({
    saved: draftOf(engine.store.getState(), thread ?? roomId),
    ...draftKeeper(engine, roomId, thread),
  }))
  useEffect(() => {
    const leave = () => {
      draft.flush()
      engine.words.flushDrafts()
    }
    addEventListener('pagehide', leave)
    document.addEventListener('visibilitychange', draft.flush)
    return () => {
      removeEventListener('pagehide', leave)
      document.removeEventListener('visibilitychange', draft.flush)
      draft.flush()
    }
  }, [draft, engine])
  return draft
}

function draftKeeper(engine: Engine, roomId: string, thread: string | null) {
  let waiting: { text: string; replyTo: string | null } | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  const flush = () => {
    clearTimeout(timer)
    if (waiting) engine.words.saveDraft(roomId, waiting.text, waiting.replyTo, thread)
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
