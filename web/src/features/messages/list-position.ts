import type { VirtualItem } from '@tanstack/react-virtual'
import { useLayoutEffect, useRef } from 'react'
import type { Virtual } from './list-handle'
import type { ListHandle } from './pane-store'
import type { Row } from './rows'
import type { Opening } from './use-view'

/**
 * Whether a row that changes its size must not move what is below it. A row that was never measured
 * counts if it begins above what is in view. One that grows or shrinks later (an edit, or the oldest
 * row held, which loses its day and its head when history comes in above it) counts down to the
 * middle of the screen: eyes rest there or below, and what is above may give way upwards.
 */
export function staysBelow(
  item: VirtualItem,
  _delta: number,
  virtual: Pick<Virtual, 'scrollOffset' | 'scrollRect' | 'itemSizeCache'>,
): boolean {
  const top = virtual.scrollOffset ?? 0
  const middle = top + (virtual.scrollRect?.height ?? 0) / 2
  return virtual.itemSizeCache.has(item.key) ? item.end <= middle : item.start < top
}

/**
 * Whoever stood at the end stays there. The virtualizer follows what is appended, but a message of
 * somebody else goes in before mine that is still on its way, and so does the "New" divider.
 */
export function useStaysAtEnd(rows: readonly Row[], virtual: Virtual) {
  const stuck = useRef(false)
  const drawn = useRef(rows)
  const follow = useRef(false)
  if (drawn.current !== rows) {
    drawn.current = rows
    follow.current = stuck.current
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs once for each new list of rows
  useLayoutEffect(() => {
    if (follow.current && virtual.getDistanceFromEnd() > 1) virtual.scrollToEnd()
    follow.current = false
  }, [rows, virtual])
  return stuck
}

/** Once, when the first rows are there: at the link's message, at the first unread, or at the end. */
export function useBeginning(
  opening: Opening,
  rows: readonly Row[],
  virtual: Virtual,
  handle: ListHandle,
): void {
  const begun = useRef(false)
  useLayoutEffect(() => {
    if (begun.current || rows.length === 0) return
    begun.current = true
    if (opening.why === 'link' && opening.seq !== null) void handle.scrollToSeq(opening.seq)
    else {
      const before = rows[rows.findIndex((row) => row.startsNew) - 1]
      if (opening.why === 'unread' && before) handle.reveal(before.key, 'start')
      else virtual.scrollToEnd()
    }
  }, [rows, opening, virtual, handle])
}
