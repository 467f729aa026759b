import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { bodyLine } from '@/i18n/body-line'
import { errorText } from '@/i18n/errors'
import { formatFull } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { http } from '@/lib/http'
import { useSync } from '@/sync/react'
import { Avatar } from '@/ui/Avatar'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { ErrorState } from '@/ui/ErrorState'
import { More } from '@/ui/More'
import { Skeleton } from '@/ui/Skeleton'
import type { Account } from '@/wire/accounts'
import type { HiddenList, TimelineMessage } from '@/wire/timeline'
import { setHidden } from './hide'

/** In the room's settings, once I deleted something for myself: the way to bring it back. */
export function HiddenSection({ roomId }: { roomId: string }) {
  const count = useSync((state) => state.rooms[roomId]?.me.hidden.length ?? 0)
  const [open, setOpen] = useState(false)
  if (count === 0 && !open) return null
  return (
    <section aria-label={m.hidden_title()} className="border-t border-line pt-4">
      <Button onClick={() => setOpen(true)}>{m.hidden_open({ count })}</Button>
      {open && <HiddenDialog roomId={roomId} onClose={() => setOpen(false)} />}
    </section>
  )
}

function HiddenDialog({ roomId, onClose }: { roomId: string; onClose: () => void }) {
  const list = useInfiniteQuery({
    queryKey: ['hidden', roomId],
    queryFn: ({ pageParam }) =>
      http<HiddenList>('GET', `rooms/${roomId}/hidden`, { query: { before: pageParam } }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next,
  })
  useFresh(roomId)
  const messages = list.data?.pages.flatMap((page) => page.messages) ?? []
  const people = new Map(
    list.data?.pages.flatMap((page) => page.people).map((one) => [one.id, one]),
  )
  return (
    <Dialog title={m.hidden_title()} description={m.hidden_lead()} onClose={onClose}>
      {list.isPending && <Skeleton className="h-24" />}
      {list.isError && (
        <ErrorState
          title={m.hidden_failed()}
          text={errorText(list.error)}
          retry={() => void list.refetch()}
        />
      )}
      {list.isSuccess && messages.length === 0 && <p className="text-muted">{m.hidden_none()}</p>}
      <ul className="flex flex-col">
        {messages.map((message) => (
          <Hidden key={message.id} message={message} author={people.get(message.author_id)} />
        ))}
      </ul>
      <More of={list} />
    </Dialog>
  )
}

/** What I bring back here, or on another device, leaves the list. */
function useFresh(roomId: string): void {
  const hidden = useSync((state) => state.rooms[roomId]?.me.hidden)
  const queries = useQueryClient()
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the change that matters
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: ['hidden', roomId] })
  }, [queries, roomId, hidden])
}

function Hidden({ message, author }: { message: TimelineMessage; author: Account | undefined }) {
  const [busy, setBusy] = useState(false)
  const text = bodyLine(message.body, message.files) || m.hidden_wordless()
  return (
    <li className="flex items-start gap-3 border-b border-line py-3 last:border-0">
      {author && <Avatar size="small" name={author.display_name} hue={author.hue} of={author} />}
      <div className="min-w-0 grow">
        <p className="flex flex-wrap gap-x-2 text-small text-muted">
          <span className="font-semibold text-ink" dir="auto">
            {author?.display_name}
          </span>
          <time dateTime={message.sent_at}>{formatFull(message.sent_at)}</time>
        </p>
        <p className="line-clamp-4 break-words whitespace-pre-line" dir="auto">
          {text}
        </p>
      </div>
      <Button
        size="small"
        busy={busy}
        onClick={() => {
          setBusy(true)
          void setHidden([message], false).then(() => setBusy(false))
        }}
      >
        {m.hidden_restore()}
      </Button>
    </li>
  )
}
