import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useImperativeHandle, useMemo, useRef, useState } from 'react'
import { useShallow } from 'zustand/react/shallow'
import { m } from '@/i18n/paraglide/messages.js'
import { usePlaying } from '@/lib/playing'
import { useEngine, useSync } from '@/sync/react'
import { ContextMenu } from '@/ui/Menu'
import type { Message } from '@/wire/messages'
import { DayLabel, NewDivider, RoomStart, StickyDay } from './dividers'
import { END_PX, useHandle, type Virtual } from './list-handle'
import { staysBelow, useBeginning, useStaysAtEnd } from './list-position'
import { type Pane, usePane, usePaneState } from './pane-store'
import { BackPill, LatestPill, NewsPill } from './pills'
import { isActive, RowFrame } from './row-frame'
import { useJumpToUnread, useRowKeys } from './row-keys'
import { useRowMenu } from './row-menu'
import { buildRows, type MessageRow as MessageRowData, pendingIn, type Row, seqOfRow } from './rows'
import { useReading } from './use-reading'
import type { Opening, View } from './use-view'

/** History is fetched this many screens before it is needed. */
const SCREENS_AHEAD = 2

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
  const pending = useSync(
    useShallow((state) => pendingIn(state.outbox, pane.roomId, pane.threadId)),
  )
  const [guess] = useState(firstGuess)
  const [known] = useState(() => new WeakMap<Message, MessageRowData>())
  // Around a link's message the first unread may not be held: then no line would tell the truth.
  const divides = readSeq !== null && view.span !== null && view.span[0] <= readSeq + 1
  const rows = useMemo(
    () =>
      buildRows({
        messages: view.messages,
        pending: view.atNewest ? pending : [],
        myId: pane.myId,
        readSeq: divides ? readSeq : null,
        known,
      }),
    [known, view.messages, view.atNewest, pending, pane.myId, readSeq, divides],
  )
  const scroller = useRef<HTMLDivElement>(null)
  const active = usePaneState((state) => state.active)
  const activeIndex = active === null ? -1 : rows.findIndex((row) => row.key === active)
  const playing = usePlaying((state) => state.messageId)
  const playingIndex = playing === null ? -1 : rows.findIndex((row) => isOf(row, playing))
  const [edge, setEdge] = useState({ atEnd: true, top: 0 })
  const unseenFrom = useRef(0)

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    getItemKey: useCallback((index: number) => rows[index]?.key ?? index, [rows]),
    estimateSize: (index) => guess(rows[index]),
    anchorTo: 'end',
    followOnAppend: view.atNewest,
    scrollEndThreshold: END_PX,
    overscan: 8,
    // The row with the focus stays: taking it away would drop the focus on the page. So does the
    // one that plays: it would fall silent.
    rangeExtractor: (range) => withRows(range, [activeIndex, playingIndex]),
    onChange: () => settle.current(),
  })

  virtual.shouldAdjustScrollPositionOnItemSizeChange = staysBelow

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
  useJumpToUnread(rows, handle)
  const menu = useRowMenu(rows)
  const items = virtual.getVirtualItems()
  return (
    <div className="relative min-h-0 grow" {...menu.listeners}>
      <ContextMenu items={menu.items}>
        <div
          ref={scroller}
          role="log"
          aria-label={
            pane.threadId === null ? m.messages_list_label({ room: title }) : m.threads_list_label()
          }
          // Every redraw would be read again: `Announcer` speaks instead.
          aria-live="off"
          onKeyDown={keys}
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
                      {item.index === 0 && view.atOldest && pane.threadId === null && (
                        <RoomStart title={title} />
                      )}
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
      {pane.threadId === null && (
        <NewsPill rows={rows} top={edge.top} onJump={(key) => handle.focusRow(key)} />
      )}
      <BackPill />
      {!edge.atEnd && <LatestPill since={unseenFrom.current} onJump={handle.toEnd} />}
    </div>
  )
}

/**
 * Guesses a row's height once. A second guess, after an edit far above, would move everything below
 * it, and nothing would make up for that: the row is not drawn, so it is never measured.
 */
function firstGuess() {
  const made = new Map<string, number>()
  return (row: Row | undefined): number => {
    if (!row) return estimate(row)
    const height = made.get(row.key) ?? estimate(row)
    made.set(row.key, height)
    return height
  }
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

function withRows(range: Range, kept: readonly number[]): number[] {
  const shown = defaultRangeExtractor(range)
  const more = kept.filter((index) => index >= 0 && !shown.includes(index))
  return more.length === 0 ? shown : [...new Set([...shown, ...more])].sort((a, b) => a - b)
}

const isOf = (row: Row, messageId: string) => row.kind === 'message' && row.message.id === messageId

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
