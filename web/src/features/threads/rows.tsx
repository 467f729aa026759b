import { Link } from '@tanstack/react-router'
import { MessagesSquareIcon } from 'lucide-react'
import { formatTime } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import type { RowPart } from '@/lib/row-parts'
import { attentionOf, sumOf } from '@/sync/attention'
import { usePerson, useSync } from '@/sync/react'
import { newsOf, threadNews } from '@/sync/threads'
import { Avatar } from '@/ui/Avatar'
import { SideLink } from '@/ui/SideLink'

const FACES = 3

/** Under a message: how many replied, who last, and whether there is something new to me. */
export function ThreadLine({ message, threadId }: RowPart) {
  const summary = message.thread_summary
  const news = useSync((state) => {
    const mine = state.rooms[message.room_id]?.me.threads
    const thread = mine?.find((one) => one.root_id === message.id)
    return thread ? newsOf(thread).length : 0
  })
  if (!summary || threadId !== null) return null
  return (
    <Link
      to="/rooms/$roomId"
      params={{ roomId: message.room_id }}
      search={{ panel: `thread:${message.id}` }}
      className="mt-1 flex w-fit max-w-full items-center gap-2 rounded-control border border-transparent py-0.5 ps-1 pe-2.5 text-small text-muted transition-colors hover:border-line hover:bg-raised"
    >
      <span className="flex -space-x-1.5 rtl:space-x-reverse">
        {summary.participants.slice(0, FACES).map((id) => (
          <Face key={id} id={id} />
        ))}
      </span>
      <span className="font-semibold whitespace-nowrap text-accent-ink">
        {m.threads_replies({ count: summary.replies })}
      </span>
      <time dateTime={summary.last_reply_at} className="truncate text-faint">
        {m.threads_last({ time: formatTime(summary.last_reply_at) })}
      </time>
      {news > 0 && (
        <span
          className="size-2 shrink-0 rounded-full bg-accent"
          role="img"
          aria-label={m.threads_news({ count: news })}
        />
      )}
    </Link>
  )
}

function Face({ id }: { id: string }) {
  const person = usePerson(id)
  return (
    <Avatar size="tiny" name={person?.display_name ?? ''} hue={person?.hue ?? 60} of={person} />
  )
}

/** Over a reply that is shown in the room, too: where it belongs. */
export function ThreadOrigin({ message, threadId }: RowPart) {
  if (message.thread === null || threadId !== null) return null
  return (
    <Link
      to="/rooms/$roomId"
      params={{ roomId: message.room_id }}
      search={{ panel: `thread:${message.thread}` }}
      className="flex w-fit items-center gap-1.5 text-small text-muted hover:text-ink hover:underline"
    >
      <MessagesSquareIcon aria-hidden="true" className="size-3.5" />
      {m.threads_in_thread()}
    </Link>
  )
}

/** In a row of the room list: threads with news. */
export function ThreadMark({ roomId }: { roomId: string }) {
  const count = useSync((state) => {
    const room = state.rooms[roomId]
    return room ? attentionOf(room, state).threads : 0
  })
  const calls = useSync((state) => threadNews(state.rooms[roomId]).calls)
  if (count === 0) return null
  return (
    <span
      className="flex items-center gap-1 text-caption font-semibold text-muted"
      role="img"
      aria-label={m.threads_row_mark({ count })}
    >
      <MessagesSquareIcon
        aria-hidden="true"
        className={calls ? 'size-3.5 text-accent-ink' : 'size-3.5'}
      />
      <span aria-hidden="true">{count}</span>
    </span>
  )
}

export function ThreadsLink() {
  const count = useSync((state) => sumOf(state, 'threads'))
  return (
    <SideLink
      view="threads"
      icon={<MessagesSquareIcon aria-hidden="true" />}
      label={m.threads_title()}
      count={count}
    />
  )
}
