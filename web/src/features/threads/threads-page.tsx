import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { bodyLine } from '@/i18n/body-line'
import { errorText } from '@/i18n/errors'
import { formatFull } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { cx } from '@/lib/class-names'
import { http } from '@/lib/http'
import { roomTitle } from '@/sync/naming'
import { useEngine, useMyId, useSync } from '@/sync/react'
import { newsOf, threadNews } from '@/sync/threads'
import { Avatar } from '@/ui/Avatar'
import { Badge } from '@/ui/Badge'
import { Button } from '@/ui/Button'
import { PagedList } from '@/ui/PagedList'
import { toast } from '@/ui/toasts'
import { ViewCard, ViewPage } from '@/ui/ViewPage'
import type { Account } from '@/wire/accounts'
import type { ThreadEntry, ThreadInbox } from '@/wire/inbox'
import type { TimelineMessage } from '@/wire/timeline'

const KEY = ['threads']

/** The threads that call me, over all rooms: those with news first. */
export function ThreadsPage() {
  const list = useInfiniteQuery({
    queryKey: KEY,
    queryFn: ({ pageParam }) =>
      http<ThreadInbox>('GET', 'threads', { query: { cursor: pageParam } }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  })
  useFresh()
  // One that was read between two pages comes twice.
  const threads = [
    ...new Map(
      list.data?.pages.flatMap((page) => page.threads).map((one) => [one.id, one]),
    ).values(),
  ]
  const people = new Map(
    list.data?.pages.flatMap((page) => page.people).map((one) => [one.id, one]),
  )
  return (
    <ViewPage title={m.threads_title()} aside={<ReadAll />}>
      <PagedList
        list={list}
        items={threads}
        failed={m.threads_failed()}
        none={{ title: m.threads_none_title(), text: m.threads_none() }}
        row={(one) => <ThreadCard key={one.id} entry={one} people={people} />}
      />
    </ViewPage>
  )
}

/** Where there is something to read. */
function ReadAll() {
  const news = useSync((state) =>
    Object.values(state.rooms).some((room) => threadNews(room).count > 0),
  )
  const [busy, setBusy] = useState(false)
  if (!news) return null
  const read = async () => {
    setBusy(true)
    try {
      await http<void>('POST', 'threads/read')
      toast(m.threads_all_read())
    } catch (refusal) {
      toast(errorText(refusal), { tone: 'danger' })
    }
    setBusy(false)
  }
  return (
    <Button size="small" busy={busy} onClick={() => void read()}>
      {m.threads_read_all()}
    </Button>
  )
}

/** News of my threads are in the rooms I hold: when they change, the list is looked at again. */
function useFresh(): void {
  const engine = useEngine()
  const queries = useQueryClient()
  useEffect(
    () =>
      engine.store.subscribe((now, before) => {
        if (now.rooms === before.rooms) return
        const changed = Object.values(now.rooms).some(
          (room) => room.me.threads !== before.rooms[room.id]?.me.threads,
        )
        if (changed) void queries.invalidateQueries({ queryKey: KEY })
      }),
    [engine, queries],
  )
}

type People = ReadonlyMap<string, Account>

function ThreadCard({ entry, people }: { entry: ThreadEntry; people: People }) {
  const myId = useMyId()
  const room = useSync((state) => state.rooms[entry.room_id])
  const held = room?.me.threads.find((one) => one.root_id === entry.id)
  const unread = room ? (held ? newsOf(held).length : 0) : entry.unread
  const more = (entry.root.thread_summary?.replies ?? 0) - entry.latest.length
  return (
    <ViewCard>
      <Link
        to="/rooms/$roomId"
        params={{ roomId: entry.room_id }}
        search={{ panel: `thread:${entry.id}` }}
        className="group block rounded-small"
      >
        <p className="mb-2 flex items-center gap-2 text-small text-muted">
          <span className="truncate" dir="auto">
            {m.threads_in_room({ room: room ? roomTitle(room, myId) : '' })}
          </span>
          {unread > 0 && <Badge label={m.threads_news({ count: unread })}>{unread}</Badge>}
          <span className="ms-auto shrink-0 text-accent-ink group-hover:underline">
            {m.threads_open()}
          </span>
        </p>
        <Line message={entry.root} people={people} strong />
        <div className="mt-2 ms-4 border-s-2 border-line ps-3">
          {more > 0 && (
            <p className="pb-1 text-caption text-faint">{m.threads_replies({ count: more })}</p>
          )}
          {entry.latest.map((one) => (
            <Line key={one.id} message={one} people={people} />
          ))}
        </div>
      </Link>
    </ViewCard>
  )
}

function Line(props: { message: TimelineMessage; people: People; strong?: boolean }) {
  const { message, people, strong = false } = props
  const author = people.get(message.author_id)
  return (
    <div className="flex items-start gap-2 py-1">
      <Avatar size="small" name={author?.display_name ?? ''} hue={author?.hue ?? 60} of={author} />
      <div className="min-w-0 grow">
        <p className="flex flex-wrap gap-x-2 text-small">
          <span className="font-bold" dir="auto">
            {author?.display_name}
          </span>
          <time dateTime={message.sent_at} className="text-faint">
            {formatFull(message.sent_at)}
          </time>
        </p>
        <p
          dir="auto"
          className={cx(
            'break-words whitespace-pre-line',
            strong ? 'line-clamp-4' : 'line-clamp-2',
          )}
        >
          {textOf(message)}
        </p>
      </div>
    </div>
  )
}

const textOf = ({ body, files }: TimelineMessage) => bodyLine(body, files) ?? m.threads_deleted()
