import { useRef, useState } from 'react'
import { useRowParts } from '@/lib/row-parts'
import { useEngine } from '@/sync/react'
import type { MenuItems } from '@/ui/Menu'
import { menuOf } from './action-menu'
import { actionsOn, offersMore, textOf } from './actions'
import { usePane } from './pane-store'
import type { Row } from './rows'

const noItems: MenuItems = []
/** When Radix takes a held finger for a question. */
const LONG_PRESS_MS = 700

/**
 * One menu for the whole list: which row it speaks of is known when it opens. Listens on the way
 * down, around the menu's own trigger: what must not reach the trigger is stopped here.
 */
export function useRowMenu(rows: readonly Row[]) {
  const pane = usePane()
  const engine = useEngine()
  const parts = useRowParts()
  const [items, setItems] = useState<MenuItems>(noItems)
  const pressedAt = useRef(0)
  const choose = (target: HTMLElement): boolean => {
    const key = target.closest<HTMLElement>('article')?.dataset.key
    const row = rows.find((one) => one.key === key)
    const message = row?.kind === 'message' && offersMore(row.message) ? row.message : null
    const items = message && menuOf(actionsOn(message, pane, engine, parts), textOf(message) !== '')
    setItems(items ?? noItems)
    return message !== null
  }
  return {
    items,
    listeners: {
      onContextMenuCapture: (event: React.MouseEvent<HTMLElement>) => {
        const target = event.target as HTMLElement
        const own = target.closest('a, textarea, input') !== null || !getSelection()?.isCollapsed
        // The browser's own menu: for links, selected text, and what has nothing to offer.
        if (own || !choose(target)) event.stopPropagation()
      },
      onPointerDownCapture: (event: React.PointerEvent<HTMLElement>) => {
        // A finger held long opens the menu without asking for it by an event of its own.
        if (event.pointerType === 'mouse') return
        pressedAt.current = event.timeStamp
        if (!choose(event.target as HTMLElement)) event.stopPropagation()
      },
      onTouchEndCapture: (event: React.TouchEvent<HTMLElement>) => {
        // The click that may follow would be one outside the menu, and close it again.
        const long = event.timeStamp - pressedAt.current >= LONG_PRESS_MS
        if (long && items.length > 0) event.preventDefault()
      },
    },
  }
}
