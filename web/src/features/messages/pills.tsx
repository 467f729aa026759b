import { ArrowDownIcon, ArrowUpIcon } from 'lucide-react'
import { formatTime } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { useEngine, useSync } from '@/sync/react'
import { usePane } from './pane-store'
import type { Row } from './rows'

const pill =
  'flex min-h-9 items-center gap-2 rounded-full border border-line bg-glass px-4 text-small font-semibold text-ink shadow-mid backdrop-blur-md transition-colors hover:bg-raised animate-rise'

/** What came below while I read above. */
export function LatestPill({ since, onJump }: { since: number; onJump: () => void }) {
  const { roomId } = usePane()
  const count = useSync((state) => {
    const unread = state.rooms[roomId]?.me.unread ?? []
    const read = Math.max(since, state.readHere[roomId] ?? 0)
    return unread.filter((seq) => seq > read).length
  })
  return (
    <div className="absolute inset-x-0 bottom-3 flex justify-center">
      <button type="button" onClick={onJump} className={pill}>
        <ArrowDownIcon aria-hidden="true" className="size-4 text-accent-ink" />
        {count > 0 ? m.messages_to_latest_n({ count }) : m.messages_to_latest()}
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
  const first = rows.findIndex((row) => row.startsNew)
  const row = rows[first]
  const stillUnread = useSync((state) => {
    const room = state.rooms[roomId]
    const read = Math.max(room?.me.read_seq ?? 0, state.readHere[roomId] ?? 0)
    return row?.kind === 'message' && row.message.seq > read
  })
  if (!row || first >= top || !stillUnread) return null
  const news = rows
    .slice(first)
    .filter((one) => one.kind === 'message' && one.message.body.kind === 'text')
  return (
    <div className="absolute inset-x-0 top-10 flex justify-center gap-2">
      <button type="button" onClick={() => onJump(row.key)} className={pill}>
        <ArrowUpIcon aria-hidden="true" className="size-4 text-accent-ink" />
        {m.messages_news_since({ count: news.length, time: formatTime(row.at) })}
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
