import { useEffect, useMemo, useRef, useState } from 'react'
import { errorText } from '@/i18n/errors'
import type { Held } from '@/sync/beside'
import { useEngine, useSync } from '@/sync/react'
import { messagesIn, type Span, spanAt, type Timeline } from '@/sync/timeline'

/** Where a room begins to be read. */
export interface Opening {
  /** The `seq` to begin at; null for the end. */
  seq: number | null
  why: 'link' | 'unread' | 'end'
}

export interface View {
  /** The stretch shown; null while it is being fetched. */
  span: Span | null
  messages: readonly Held[]
  /** Nothing newer exists than what is shown. */
  atNewest: boolean
  atOldest: boolean
  error: string | null
  retry(): void
  /** Shows the stretch around a `seq`, or the newest for null. Throws where it cannot be had. */
  goTo(seq: number | null): Promise<void>
  loadOlder(): void
  loadNewer(): void
}

const none: readonly Held[] = []

/** One contiguous stretch of a room's history, fetched as needed, growing at both ends. */
export function useView(roomId: string, opening: Opening, threadId: string | null = null): View {
  const engine = useEngine()
  const talk = threadId ?? roomId
  const timeline = useSync((state) => state.timelines[talk])
  const head = useSync((state) => state.rooms[roomId]?.head ?? 0)
  const [anchor, setAnchor] = useState<number | null>(opening.seq)
  const [error, setError] = useState<string | null>(null)
  const [attempt, setAttempt] = useState(0)
  const span = shownSpan(timeline, anchor, head)
  const missing = span === null
  useEffect(() => {
    if (!missing || attempt < 0) return
    let current = true
    engine
      .load(roomId, anchor === null ? { newest: true } : { around: anchor }, threadId)
      .then(() => current && setError(null))
      .catch((refusal: unknown) => current && setError(errorText(refusal)))
    return () => {
      current = false
    }
  }, [engine, roomId, threadId, anchor, missing, attempt])
  const messages = useMemo(
    () => (timeline && span ? messagesIn(timeline, span) : none),
    // A span is a fresh pair each time; its two ends say whether it is another one.
    [timeline, span?.[0], span?.[1]],
  )
  const busy = useRef(false)
  const grow = (anchorOf: { before: number } | { after: number }) => {
    if (busy.current) return
    busy.current = true
    engine
      .load(roomId, anchorOf, threadId)
      // Scrolling on, or coming back online, asks again.
      .catch(() => {})
      .finally(() => {
        busy.current = false
      })
  }
  const atNewest = span !== null && span[1] >= head
  return {
    span,
    messages,
    atNewest,
    atOldest: span !== null && span[0] <= 1,
    error: missing ? error : null,
    retry: () => setAttempt((n) => n + 1),
    goTo: async (seq) => {
      const held = shownSpan(engine.store.getState().timelines[talk], seq, head)
      const wanted = seq === null ? { newest: true as const } : { around: seq }
      if (!held) await engine.load(roomId, wanted, threadId)
      setAnchor(seq)
    },
    loadOlder: () => {
      if (span && span[0] > 1) grow({ before: span[0] })
    },
    loadNewer: () => {
      if (span && !atNewest) grow({ after: span[1] })
    },
  }
}

function shownSpan(
  timeline: Timeline | undefined,
  anchor: number | null,
  head: number,
): Span | null {
  if (!timeline) return null
  if (anchor !== null) {
    const [from, to] = spanAt(timeline, anchor) ?? [0, -1]
    return from <= anchor && anchor <= to ? [from, to] : null
  }
  const last = timeline.spans.at(-1)
  if (!last || last[1] < head) return null
  // What happened live since the start is held, but a few rows are no room: fetch what is before.
  return last[0] <= 1 || messagesIn(timeline, last).length >= ENOUGH ? last : null
}

/** Rows that fill a screen: with fewer the newest page is fetched before anything is shown. */
const ENOUGH = 15
