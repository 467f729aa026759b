import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { bodyLine } from '@/i18n/body-line'
import { formatFull } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { http } from '@/lib/http'
import { roomTitle } from '@/sync/naming'
import { useEngine, useMyId, useSync } from '@/sync/react'
import { Avatar } from '@/ui/Avatar'
import { Button } from '@/ui/Button'
import { PagedList } from '@/ui/PagedList'
import { ViewCard, ViewPage } from '@/ui/ViewPage'
import type { Account } from '@/wire/accounts'
import type { Mention, MentionInbox, Only, Why } from '@/wire/inbox'

const KEY = 'mentions'

/** Messages that call me, over all rooms, and replies in threads of mine: the newest first. */
export function MentionsPage() {
  const [only, setOnly] = useState<Only | null>(null)
  const list = useInfiniteQuery({
    queryKey: [KEY, only],
    queryFn: ({ pageParam }) =>
      http<MentionInbox>('GET', 'mentions', { query: { cursor: pageParam, only } }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  })
  useFresh()
  const mentions = list.data?.pages.flatMap((page) => page.mentions) ?? []
  const people = new Map(
    list.data?.pages.flatMap((page) => page.people).map((one) => [one.id, one]),
  )
  return (
    <ViewPage title={m.mentions_title()}>
      <Filter only={only} choose={setOnly} />
      <PagedList
        list={list}
        items={mentions}
        failed={m.mentions_title()}
        none={{ title: m.mentions_none_title(), text: m.mentions_none() }}
        row={(one) => (
          <MentionCard key={one.id} mention={one} author={people.get(one.message.author_id)} />
        )}
      />
    </ViewPage>
  )
}

function Filter(props: { only: Only | null; choose: (only: Only | null) => void }) {
  const choices: readonly [Only | null, string][] = [
    [null, m.mentions_all()],
    ['me', m.mentions_me()],
    ['room', m.mentions_room()],
    ['threads', m.mentions_threads()],
  ]
  return (
    <fieldset className="mb-4 flex flex-wrap gap-2">
      <legend className="sr-only">{m.mentions_filter()}</legend>
      {choices.map(([value, label]) => (
        <Button
          key={label}
          size="small"
          tone={props.only === value ? 'plain' : 'quiet'}
          aria-pressed={props.only === value}
          onClick={() => props.choose(value)}
        >
          {label}
        </Button>
      ))}
    </fieldset>
  )
}

/** Whenever a room counts anew what calls me, the list is looked at again. */
function useFresh(): void {
  const engine = useEngine()
  const queries = useQueryClient()
  useEffect(
    () =>
      engine.store.subscribe((now, before) => {
        if (now.rooms === before.rooms) return
        const changed = Object.values(now.rooms).some((room) => {
          const was = before.rooms[room.id]?.me
          return room.me.mentions !== was?.mentions || room.me.threads !== was?.threads
        })
        if (changed) void queries.invalidateQueries({ queryKey: [KEY] })
      }),
    [engine, queries],
  )
}

const whyText: Record<Why, (words: { room: string }) => string> = {
  me: (words) => m.mentions_why_me(words),
  room: (words) => m.mentions_why_room(words),
  here: (words) => m.mentions_why_here(words),
  thread: (words) => m.mentions_why_thread(words),
}

function MentionCard({ mention, author }: { mention: Mention; author: Account | undefined }) {
  const { message, why } = mention
  const myId = useMyId()
  const room = useSync((state) => state.rooms[message.room_id])
  const isUnread = useSync((state) => {
    const held = state.rooms[message.room_id]
    if (!held) return false
    const read = Math.max(held.me.read_seq, state.readHere[message.room_id] ?? 0)
    if (message.in_room) return message.seq > read && held.me.unread.includes(message.seq)
    return held.me.threads.some((thread) => thread.unread.includes(message.seq))
  })
  const search = message.in_room
    ? { at: String(message.seq) }
    : { panel: `thread:${message.thread}:${message.seq}` }
  return (
    <ViewCard>
      <Link
        to="/rooms/$roomId"
        params={{ roomId: message.room_id }}
        search={search}
        className="group flex items-start gap-3 rounded-small"
      >
        <Avatar name={author?.display_name ?? ''} hue={author?.hue ?? 60} of={author} />
        <div className="min-w-0 grow">
          <p className="flex flex-wrap items-baseline gap-x-2 text-small text-muted">
            <span className="font-bold text-ink" dir="auto">
              {author?.display_name}
            </span>
            <span dir="auto">{whyText[why]({ room: room ? roomTitle(room, myId) : '' })}</span>
            <time dateTime={message.sent_at} className="text-faint">
              {formatFull(message.sent_at)}
            </time>
            {isUnread && <span className="size-2 self-center rounded-full bg-accent" />}
          </p>
          <p className="mt-1 line-clamp-4 break-words whitespace-pre-line" dir="auto">
            {bodyLine(message.body, message.files) ?? m.threads_deleted()}
          </p>
          <span className="sr-only">{m.mentions_go()}</span>
        </div>
      </Link>
    </ViewCard>
  )
}
