import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual'
import {
  useCallback,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { useShallow } from 'zustand/react/shallow'
import { m } from '@/i18n/paraglide/messages.js'
import { cx } from '@/lib/class-names'
import { useEngine, useSync } from '@/sync/react'
import { ContextMenu, type MenuItems } from '@/ui/Menu'
import type { Message } from '@/wire/messages'
import { menuOf } from './action-menu'
import { actionsOn } from './actions'
import { DayLabel, NewDivider, RoomStart, StickyDay } from './dividers'
import { MessageRow } from './message-row'
import { type ListHandle, type Pane, usePane, usePaneState } from './pane-store'
import { PendingRow } from './pending-row'
import { LatestPill, NewsPill } from './pills'
import { buildRows, type MessageRow as MessageRowData, pendingIn, type Row, seqOfRow } from './rows'
import { useReading } from './use-reading'
import type { Opening, View } from './use-view'

/** "At the end" reaches this far up: whoever is this close wants to see what comes. */
const END_PX = 80
/** History is fetched this many screens before it is needed. */
const SCREENS_AHEAD = 2
const FLASH_MS = 1_800

interface MessageListProps {
  view: View
  opening: Opening
  title: string
  /** Read position when the room was opened, for the divider; moves on only when nobody looked. */
  readSeq: number | null
}

/** The only file that knows what draws the list; others use `ListHandle`. */
export function MessageList({ view, opening, title, readSeq }: MessageListProps) {
  const pane = usePane()
  const engine = useEngine()
  const pending = useSync(useShallow((state) => pendingIn(state.outbox, pane.roomId)))
  const [known] = useState(() => new WeakMap<Message, MessageRowData>())
  const rows = useMemo(
    () =>
      buildRows({
        messages: view.messages,
        pending: view.atNewest ? pending : [],
        myId: pane.myId,
        readSeq,
        known,
      }),
    [known, view.messages, view.atNewest, pending, pane.myId, readSeq],
  )
  const scroller = useRef<HTMLDivElement>(null)
  const active = usePaneState((state) => state.active)
  const activeIndex = active === null ? -1 : rows.findIndex((row) => row.key === active)
  const [edge, setEdge] = useState({ atEnd: true, top: 0 })
  const unseenFrom = useRef(0)

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    getItemKey: useCallback((index: number) => rows[index]?.key ?? index, [rows]),
    estimateSize: (index) => estimate(rows[index]),
    anchorTo: 'end',
    followOnAppend: view.atNewest,
    scrollEndThreshold: END_PX,
    overscan: 8,
    // The row with the focus stays: taking it away would drop the focus on the page.
    rangeExtractor: (range) => withRow(range, activeIndex),
    onChange: () => settle.current(),
  })

  const handle = useHandle(view, rows, virtual, scroller, pane)
  useImperativeHandle(pane.list, () => handle, [handle])
  useBeginning(opening, rows, virtual, handle)

  const lookAgain = useReading(() => {
    if (opening.why === 'link' && !view.atNewest) return null
    if (view.atNewest && virtual.isAtEnd(END_PX)) return headOf(engine, pane)
    return lastSeen(rows, virtual, scroller.current)
  })

  const stuck = useStaysAtEnd(rows, virtual)
  const settle = useRef(() => {})
  settle.current = () => {
    const element = scroller.current
    if (!element) return
    const near = element.clientHeight * SCREENS_AHEAD
    if (element.scrollTop < near) view.loadOlder()
    if (virtual.getDistanceFromEnd() < near) view.loadNewer()
    const atEnd = view.atNewest && virtual.isAtEnd(END_PX)
    stuck.current = atEnd
    const top = firstSeen(virtual, element)
    setEdge((was) => (was.atEnd === atEnd && was.top === top ? was : { atEnd, top }))
    lookAgain()
  }
  useEffect(() => {
    settle.current()
  })
  useEffect(() => {
    if (edge.atEnd) unseenFrom.current = view.span?.[1] ?? 0
  })

  const keys = useRowKeys(rows, handle)
  const menu = useRowMenu(rows)
  const items = virtual.getVirtualItems()
  return (
    <div className="relative min-h-0 grow">
      <ContextMenu items={menu.items}>
        <div
          ref={scroller}
          role="log"
          aria-label={m.messages_list_label({ room: title })}
          // Every redraw would be read again: `Announcer` speaks instead.
          aria-live="off"
          onKeyDown={keys}
          onContextMenu={menu.open}
          className="h-full overflow-y-auto overscroll-contain [overflow-anchor:none]"
        >
          <div className="flex min-h-full flex-col justify-end">
            <div className="relative" style={{ height: virtual.getTotalSize() }}>
              {items.map((item) => {
                const row = rows[item.index]
                return (
                  row && (
                    <div
                      key={item.key}
                      ref={virtual.measureElement}
                      data-index={item.index}
                      className="absolute inset-x-0 top-0"
                      style={{ transform: `translateY(${item.start}px)` }}
                    >
                      {item.index === 0 && view.atOldest && <RoomStart title={title} />}
                      {row.startsDay && <DayLabel at={row.at} />}
                      {row.startsNew && <NewDivider />}
                      <RowFrame
                        row={row}
                        isActive={isActive(row, item.index, activeIndex, rows.length)}
                        last={item.index === rows.length - 1}
                      />
                    </div>
                  )
                )
              })}
            </div>
          </div>
        </div>
      </ContextMenu>
      <StickyDay
        row={rows[edge.top]}
        hidden={rows[edge.top]?.startsDay === true && edge.top === 0}
      />
      <NewsPill rows={rows} top={edge.top} onJump={(key) => handle.focusRow(key)} />
      {!edge.atEnd && <LatestPill since={unseenFrom.current} onJump={handle.toEnd} />}
    </div>
  )
}

/** With no row chosen yet, Tab lands on the newest. */
const isActive = (_row: Row, index: number, activeIndex: number, count: number) =>
  activeIndex >= 0 ? index === activeIndex : index === count - 1

function RowFrame({ row, isActive, last }: { row: Row; isActive: boolean; last: boolean }) {
  const { store } = usePane()
  const flashed = usePaneState((state) => state.flashed === row.key)
  return (
    <article
      data-key={row.key}
      tabIndex={isActive ? 0 : -1}
      onFocus={() => store.setState({ active: row.key })}
      className={cx(
        'outline-offset-[-2px] transition-colors duration-700',
        flashed && 'bg-accent-soft',
        !row.compact && 'mt-(--message-gap)',
        last && 'pb-3',
      )}
    >
      {row.kind === 'message' ? <MessageRow row={row} /> : <PendingRow row={row} />}
    </article>
  )
}

/** Close enough for the first layout; every row is measured when it appears. */
function estimate(row: Row | undefined): number {
  if (!row) return 48
  const text =
    row.kind === 'pending'
      ? row.intent.text
      : row.message.body.kind === 'text'
        ? row.message.body.text
        : ''
  const lines = text
    .split('\n')
    .reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 90)), 0)
  return lines * 24 + (row.compact ? 6 : 48) + (row.startsDay ? 44 : 0) + (row.startsNew ? 28 : 0)
}

function withRow(range: Range, index: number): number[] {
  const shown = defaultRangeExtractor(range)
  if (index < 0 || shown.includes(index)) return shown
  return [...shown, index].sort((a, b) => a - b)
}

type Virtual = ReturnType<typeof useVirtualizer<HTMLDivElement, Element>>

function headOf(engine: ReturnType<typeof useEngine>, pane: Pane): number {
  return engine.store.getState().rooms[pane.roomId]?.head ?? 0
}

/** The last message whose end has been in view. */
function lastSeen(
  rows: readonly Row[],
  virtual: Virtual,
  element: HTMLElement | null,
): number | null {
  if (!element) return null
  const bottom = element.scrollTop + element.clientHeight
  const seen = virtual.getVirtualItems().findLast((item) => item.end <= bottom + 4)
  return seen ? seqOfRow(rows[seen.index]) : null
}

function firstSeen(virtual: Virtual, element: HTMLElement): number {
  const item = virtual.getVirtualItems().find((one) => one.end > element.scrollTop)
  return item?.index ?? 0
}

function useHandle(
  view: View,
  rows: readonly Row[],
  virtual: Virtual,
  scroller: { current: HTMLDivElement | null },
  pane: Pane,
): ListHandle {
  const now = useRef({ view, rows })
  now.current = { view, rows }
  return useMemo(() => {
    /** Rows change one render after the view was asked to. */
    const settled = () =>
      new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))
    const show = (index: number, align: 'center' | 'auto') =>
      virtual.scrollToIndex(index, { align })
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
        const end = () => virtual.scrollToEnd()
        if (now.current.view.atNewest) requestAnimationFrame(end)
        else void now.current.view.goTo(null).then(settled).then(end)
      },
      isAtEnd: () => now.current.view.atNewest && virtual.isAtEnd(END_PX),
      reveal: (key) => {
        const index = now.current.rows.findIndex((row) => row.key === key)
        if (index >= 0) show(index, 'auto')
      },
      focusRow: (key) => {
        pane.store.setState({ active: key })
        handle.reveal(key)
        requestAnimationFrame(() =>
          scroller.current
            ?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)
            ?.focus({ preventScroll: true }),
        )
      },
    }
    return handle
  }, [virtual, scroller, pane])
}

/** The row of a `seq`, or the first after it (the seq may belong to another kind of event). */
function indexOfSeq(rows: readonly Row[], seq: number): number {
  const last = rows.findLast((row) => row.kind === 'message')
  if (last?.kind !== 'message' || last.message.seq < seq) return -1
  const first = rows[0]
  if (first?.kind === 'message' && first.message.seq > seq) return -1
  return rows.findIndex((row) => row.kind === 'message' && row.message.seq >= seq)
}

/**
 * Whoever stood at the end stays there. The virtualizer follows what is appended, but a message of
 * somebody else goes in before mine that is still on its way, and so does the "New" divider.
 */
function useStaysAtEnd(rows: readonly Row[], virtual: Virtual) {
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
function useBeginning(
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

/** ↑ ↓ between messages, → into a message's buttons, Home and End to the edges, Esc to the composer. */
function useRowKeys(rows: readonly Row[], handle: ListHandle) {
  const { composer, store } = usePane()
  return (event: React.KeyboardEvent<HTMLElement>) => {
    const article = (event.target as HTMLElement).closest<HTMLElement>('article')
    if (!article) return
    const at = rows.findIndex((row) => row.key === article.dataset.key)
    const onRow = event.target === article
    const go = (index: number) => {
      const row = rows[Math.max(0, Math.min(index, rows.length - 1))]
      if (row) handle.focusRow(row.key)
    }
    if (event.key === 'Escape' && store.getState().editing === null) composer.current?.focus()
    else if (!onRow) return
    else if (event.key === 'ArrowUp' && !event.altKey) go(at - 1)
    else if (event.key === 'ArrowDown' && !event.altKey) go(at + 1)
    else if (event.key === 'Home') go(0)
    else if (event.key === 'End') go(rows.length - 1)
    else if (event.key === 'ArrowRight')
      article.querySelector<HTMLElement>('[role=toolbar] button')?.focus()
    else return
    event.preventDefault()
  }
}

const noItems: MenuItems = []

/** One menu for the whole list: which row it speaks of is known when it opens. */
function useRowMenu(rows: readonly Row[]) {
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
