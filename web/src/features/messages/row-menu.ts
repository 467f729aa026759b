import { useState } from 'react'
import { useEngine } from '@/sync/react'
import type { MenuItems } from '@/ui/Menu'
import { menuOf } from './action-menu'
import { actionsOn } from './actions'
import { usePane } from './pane-store'
import type { Row } from './rows'

const noItems: MenuItems = []

/** One menu for the whole list: which row it speaks of is known when it opens. */
export function useRowMenu(rows: readonly Row[]) {
  const pane = usePane()
  const engine = useEngine()
  const [items, setItems] = useState<MenuItems>(noItems)
  const open = (event: React.MouseEvent<HTMLElement>) => {
    const target = event.target as HTMLElement
    const key = target.closest<HTMLElement>('article')?.dataset.key
    const row = rows.find((one) => one.key === key)
    const own = target.closest('a, textarea, input') || !getSelection()?.isCollapsed
    if (own || row?.kind !== 'message' || row.message.body.kind !== 'text') {
      // The browser's own menu: for links, selected text, and what has nothing to offer.
      event.stopPropagation()
      setItems(noItems)
      return
    }
    setItems(menuOf(actionsOn(row.message, pane, engine), true))
  }
  return { items, open }
}
