import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { BookmarkXIcon } from 'lucide-react'
import { useEffect } from 'react'
import { bodyLine } from '@/i18n/body-line'
import { formatFull } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { http } from '@/lib/http'
import { roomTitle } from '@/sync/naming'
import { useEngine, useMyId, useSync } from '@/sync/react'
import { Avatar } from '@/ui/Avatar'
import { IconButton } from '@/ui/IconButton'
import { PagedList } from '@/ui/PagedList'
import { PictureThumb } from '@/ui/PictureThumb'
import { ViewCard, ViewPage } from '@/ui/ViewPage'
import type { Account } from '@/wire/accounts'
import type { Star, StarList } from '@/wire/timeline'
import { setStar } from './actions'

const KEY = ['stars']

/** What I saved, the newest first, over all rooms. */
export function SavedPage() {
  const list = useInfiniteQuery({
    queryKey: KEY,
    queryFn: ({ pageParam }) => http<StarList>('GET', 'me/stars', { query: { cursor: pageParam } }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  })
  useFresh()
  const stars = list.data?.pages.flatMap((page) => page.stars) ?? []
  const people = new Map(
    list.data?.pages.flatMap((page) => page.people).map((one) => [one.id, one]),
  )
  return (
    <ViewPage title={m.stars_title()}>
      <PagedList
        list={list}
        items={stars}
        failed={m.stars_title()}
        none={{ title: m.stars_empty_title(), text: m.stars_empty() }}
        row={(star) => (
          <StarCard key={star.id} star={star} author={people.get(star.message.author_id)} />
        )}
      />
    </ViewPage>
  )
}

/** A star set or taken elsewhere shows here: the last fact of my own stream says when to look. */
function useFresh(): void {
  const engine = useEngine()
  const queries = useQueryClient()
  useEffect(
    () =>
      engine.store.subscribe((now, before) => {
        if (now.head !== before.head) void queries.invalidateQueries({ queryKey: KEY })
      }),
    [engine, queries],
  )
}

function StarCard({ star, author }: { star: Star; author: Account | undefined }) {
  const { message } = star
  const myId = useMyId()
  const room = useSync((state) => state.rooms[message.room_id])
  const title = room ? roomTitle(room, myId) : ''
  const text = bodyLine(message.body, message.files) ?? ''
  return (
    <ViewCard>
      <div className="flex items-start gap-3">
        {author && <Avatar name={author.display_name} hue={author.hue} of={author} />}
        <div className="min-w-0 grow">
          <p className="flex flex-wrap gap-x-2 text-small text-muted">
            <span className="font-bold text-ink">{author?.display_name}</span>
            <time dateTime={message.sent_at}>{formatFull(message.sent_at)}</time>
          </p>
          <p className="mt-1 line-clamp-6 break-words whitespace-pre-line" dir="auto">
            {text}
          </p>
          <Link
            to="/rooms/$roomId"
            params={{ roomId: message.room_id }}
            search={{ at: String(message.seq) }}
            className="mt-2 inline-block text-small text-accent-ink underline"
          >
            {m.stars_open({ room: title })}
          </Link>
        </div>
        <PictureThumb files={message.files} className="size-16" />
        <IconButton
          size="small"
          label={m.stars_unstar()}
          icon={<BookmarkXIcon aria-hidden="true" />}
          onClick={() => void setStar(message.room_id, message.id, false)}
        />
      </div>
    </ViewCard>
  )
}
