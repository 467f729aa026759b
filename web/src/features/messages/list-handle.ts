import type { useVirtualizer } from '@tanstack/react-virtual'
import { useLayoutEffect, useMemo, useRef } from 'react'
import type { ListHandle, Pane } from './pane-store'
import type { Row } from './rows'
import type { View } from './use-view'

export type Virtual = ReturnType<typeof useVirtualizer<HTMLDivElement, Element>>

/** "At the end" reaches this far up: whoever is this close wants to see what comes. */
export const END_PX = 80
const FLASH_MS = 1_800
/** A list that stood still this long has arrived. One frame more than the virtualizer waits for. */
const STILL_FRAMES = 4

interface Aim {
  key: string
  index: number
  align: 'start' | 'center' | 'auto'
}

/** The list as others may use it (`ListHandle`). */
export function useHandle(
  view: View,
  rows: readonly Row[],
  virtual: Virtual,
  scroller: { current: HTMLDivElement | null },
  pane: Pane,
): ListHandle {
  const now = useRef({ view, rows })
  now.current = { view, rows }
  const aim = useRef<Aim | null>(null)
  // The virtualizer makes for an index, and older rows that arrive on the way move every index.
  useLayoutEffect(() => {
    const aimed = aim.current
    const index = aimed ? rows.findIndex((row) => row.key === aimed.key) : -1
    if (!aimed || index < 0 || index === aimed.index) return
    aimed.index = index
    virtual.scrollToIndex(index, { align: aimed.align })
  }, [rows, virtual])
  return useMemo(() => {
    /** Rows change one render after the view was asked to. */
    const settled = () =>
      new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))
    const show = (index: number, align: Aim['align']) => {
      const row = now.current.rows[index]
      if (!row) return
      const aimed = { key: row.key, index, align }
      aim.current = aimed
      virtual.scrollToIndex(index, { align })
      whenStill(scroller, () => {
        if (aim.current === aimed) aim.current = null
      })
    }
    const handle: ListHandle = {
      scrollToSeq: async (seq) => {
        if (indexOfSeq(now.current.rows, seq) < 0) {
          await now.current.view.goTo(seq)
          await settled()
        }
        const index = indexOfSeq(now.current.rows, seq)
        const row = now.current.rows[index]
        if (!row) return
        show(index, 'center')
        pane.store.setState({ flashed: row.key })
        setTimeout(() => pane.store.setState({ flashed: null }), FLASH_MS)
      },
      toEnd: () => {
        pane.store.setState({ back: null })
        const end = () => virtual.scrollToEnd()
        if (now.current.view.atNewest) requestAnimationFrame(end)
        else void now.current.view.goTo(null).then(settled).then(end)
      },
      isAtEnd: () => now.current.view.atNewest && virtual.isAtEnd(END_PX),
      reveal: (key, align = 'auto') => {
        const index = now.current.rows.findIndex((row) => row.key === key)
        if (index >= 0) show(index, align)
      },
      focusRow: (key) => {
        pane.store.setState({ active: key })
        handle.reveal(key)
        const focus = () => {
          const drawn = scroller.current?.querySelector<HTMLElement>(
            `[data-key="${CSS.escape(key)}"]`,
          )
          drawn?.focus({ preventScroll: true })
          return drawn !== null && drawn !== undefined
        }
        // At once where the row is drawn: the next key finds it focused, and where that key went on
        // to the row's buttons, a second call would take the focus back from them.
        if (!focus()) requestAnimationFrame(focus)
      },
    }
    return handle
  }, [virtual, scroller, pane])
}

function whenStill(scroller: { current: HTMLElement | null }, done: () => void): void {
  let [top, frames] = [-1, 0]
  const look = () => {
    const now = scroller.current?.scrollTop ?? top
    frames = now === top ? frames + 1 : 0
    top = now
    if (frames < STILL_FRAMES) requestAnimationFrame(look)
    else done()
  }
  requestAnimationFrame(look)
}

/** The row of a `seq`, or the first after it (the seq may belong to another kind of event). */
function indexOfSeq(rows: readonly Row[], seq: number): number {
  const last = rows.findLast((row) => row.kind === 'message')
  if (last?.kind !== 'message' || last.message.seq < seq) return -1
  const first = rows[0]
  if (first?.kind === 'message' && first.message.seq > seq) return -1
  return rows.findIndex((row) => row.kind === 'message' && row.message.seq >= seq)
}
