import type { VirtualItem } from '@tanstack/react-virtual'
import { useLayoutEffect, useRef } from 'react'
import type { Virtual } from './list-handle'
import type { ListHandle } from './pane-store'
import type { Row } from './rows'
import type { Opening } from './use-view'

/**
 * Whether a row that changes its size must not move what is in view. The library leaves rows alone
 * that change while one scrolls up; but the oldest row held does just that when history comes in
 * above it (it loses its day and its head), and 84 px of text would jump under the reader's eyes.
 */
export function staysAbove(
  item: VirtualItem,
  _delta: number,
  virtual: Pick<Virtual, 'scrollOffset' | 'itemSizeCache'>,
): boolean {
  const offset = virtual.scrollOffset ?? 0
  const isKnown = virtual.itemSizeCache.has(item.key)
  return isKnown ? item.end <= offset : item.start < offset
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
      const first = rows.findIndex((row) => row.startsNew)
      if (opening.why === 'unread' && first > 0)
        virtual.scrollToIndex(first - 1, { align: 'start' })
      else virtual.scrollToEnd()
    }
  }, [rows, opening, virtual, handle])
}
