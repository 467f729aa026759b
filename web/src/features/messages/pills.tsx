import { ArrowDownIcon, ArrowUpIcon, Undo2Icon } from 'lucide-react'
import { useMemo } from 'react'
import { formatTime } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { useEngine, useSync } from '@/sync/react'
import { usePane, usePaneState } from './pane-store'
import type { Row } from './rows'

/** The server names the newest hundred; from there on we only know "many". */
const MANY = 100

const pill =
  'flex min-h-9 items-center gap-2 rounded-full border border-line bg-glass px-4 text-small font-semibold text-ink shadow-mid backdrop-blur-md transition-colors hover:bg-raised animate-rise'

/** What came below while I read above. */
export function LatestPill({ since, onJump }: { since: number; onJump: () => void }) {
  const { roomId, threadId } = usePane()
  const count = useSync((state) => {
    if (threadId !== null) return 0
    const unread = state.rooms[roomId]?.me.unread ?? []
    const read = Math.max(since, state.readHere[roomId] ?? 0)
    return unread.filter((seq) => seq > read).length
  })
  return (
    <div className="absolute inset-x-0 bottom-3 flex justify-center">
      <button type="button" onClick={onJump} className={pill}>
        <ArrowDownIcon aria-hidden="true" className="size-4 text-accent-ink" />
        {count > 0 && count < MANY ? m.messages_to_latest_n({ count }) : m.messages_to_latest()}
      </button>
    </div>
  )
}

/** A quote led away from its message: leads back to it. */
export function BackPill() {
  const { store, list } = usePane()
  const back = usePaneState((state) => state.back)
  if (back === null) return null
  const goBack = () => {
    store.setState({ back: null })
    void list.current?.scrollToSeq(back)
  }
  return (
    <div className="absolute inset-x-0 bottom-14 flex justify-center">
      <button type="button" onClick={goBack} className={pill}>
        <Undo2Icon aria-hidden="true" className="size-4 text-accent-ink rtl:-scale-x-100" />
        {m.messages_back()}
      </button>
    </div>
  )
}

/** The first unread lies above what is in view: says how many, since when, and goes there. */
export function NewsPill({
  rows,
  top,
  onJump,
}: {
  rows: readonly Row[]
  top: number
  onJump: (key: string) => void
}) {
  const { roomId } = usePane()
  const engine = useEngine()
  // Drawn at every step of a scroll, over all rows held.
  const first = useMemo(() => rows.findIndex((row) => row.startsNew), [rows])
  const row = rows[first]
  const count = useSync((state) => {
    const room = state.rooms[roomId]
    const read = Math.max(room?.me.read_seq ?? 0, state.readHere[roomId] ?? 0)
    // Once the first of them is read there is nothing to go back to.
    if (row?.kind !== 'message' || row.message.seq <= read) return 0
    return room?.me.unread.filter((seq) => seq > read).length ?? 0
  })
  if (!row || first >= top || count === 0) return null
  const time = formatTime(row.at)
  return (
    <div className="absolute inset-x-0 top-10 flex justify-center gap-2">
      <button type="button" onClick={() => onJump(row.key)} className={pill}>
        <ArrowUpIcon aria-hidden="true" className="size-4 text-accent-ink" />
        {count < MANY ? m.messages_news_since({ count, time }) : m.messages_many_since({ time })}
      </button>
      <button
        type="button"
        onClick={() => engine.markRead(roomId, engine.store.getState().rooms[roomId]?.head ?? 0)}
        className={pill}
      >
        {m.messages_mark_read()}
      </button>
    </div>
  )
}
