import { m } from '@/i18n/paraglide/messages.js'
import { useRowParts } from '@/lib/row-parts'
import { useShortcut } from '@/lib/shortcuts'
import { useEngine } from '@/sync/react'
import { actionsOn, offersMore } from './actions'
import { choose, type ListHandle, usePane } from './pane-store'
import type { Row } from './rows'

/** ↑ ↓ between messages, → into a message's buttons, Home and End to the edges, Esc to the composer. */
export function useRowKeys(rows: readonly Row[], handle: ListHandle) {
  const pane = usePane()
  const { composer, store } = pane
  const engine = useEngine()
  const parts = useRowParts()
  useShortcut(
    { id: 'list.walk', keys: ['ArrowUp', 'ArrowDown'], scope: 'list', label: m.messages_key_walk },
    { id: 'list.ends', keys: ['Home', 'End'], scope: 'list', label: m.messages_key_ends },
    { id: 'list.actions', keys: ['ArrowRight'], scope: 'list', label: m.messages_key_actions },
    { id: 'list.choose', keys: ['x'], scope: 'list', label: m.messages_choose },
    { id: 'list.leave', keys: ['Escape'], scope: 'list', label: m.messages_key_leave },
  )
  /** A single letter does to the row what its menu offers. */
  const byKey = (event: React.KeyboardEvent, row: Row | undefined) => {
    const held = event.ctrlKey || event.metaKey || event.altKey
    if (held || row?.kind !== 'message' || !offersMore(row.message)) return undefined
    return actionsOn(row.message, pane, engine, parts).more.find((one) => one.key === event.key)
  }
  return (event: React.KeyboardEvent<HTMLElement>) => {
    // A dialog that a row opened stands inside it, but its keys are its own.
    if ((event.target as HTMLElement).closest('dialog')) return
    const article = (event.target as HTMLElement).closest<HTMLElement>('article')
    if (!article) return
    const at = rows.findIndex((row) => row.key === article.dataset.key)
    const onRow = event.target === article
    const go = (index: number) => {
      const row = rows[Math.max(0, Math.min(index, rows.length - 1))]
      if (row) handle.focusRow(row.key)
    }
    const { editing, chosen } = store.getState()
    const row = rows[at]
    if (event.key === 'Escape' && chosen !== null) store.setState({ chosen: null })
    else if (event.key === 'Escape' && editing === null) composer.current?.focus()
    else if (!onRow) return
    else if (event.key === 'ArrowUp' && !event.altKey) go(at - 1)
    else if (event.key === 'ArrowDown' && !event.altKey) go(at + 1)
    else if (event.key === 'Home') go(0)
    else if (event.key === 'End') go(rows.length - 1)
    else if (event.key === 'ArrowRight')
      article.querySelector<HTMLElement>('[role=toolbar] button')?.focus()
    else if (event.key === 'x' || (event.key === ' ' && chosen !== null)) {
      const held = event.ctrlKey || event.metaKey || event.altKey
      if (held || row?.kind !== 'message' || !offersMore(row.message)) return
      choose(pane, row.message.id)
    } else {
      const action = byKey(event, row)
      if (!action) return
      action.run()
    }
    event.preventDefault()
  }
}

/** Shift+PageUp leads to the first unread, from anywhere in the room. */
export function useJumpToUnread(rows: readonly Row[], handle: ListHandle): void {
  useShortcut({
    id: 'room.first-unread',
    keys: ['Shift+PageUp'],
    scope: 'room',
    label: m.messages_key_unread,
    run: () => {
      const first = rows.find((row) => row.startsNew)
      if (!first) return false
      handle.focusRow(first.key)
      return true
    },
  })
}
