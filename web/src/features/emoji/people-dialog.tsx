import { useInfiniteQuery } from '@tanstack/react-query'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { http } from '@/lib/http'
import { Avatar } from '@/ui/Avatar'
import { Dialog } from '@/ui/Dialog'
import { EmojiGlyph } from '@/ui/EmojiGlyph'
import { More } from '@/ui/More'
import { Spinner } from '@/ui/Spinner'
import type { ReactorList } from '@/wire/reactions'
import type { TimelineMessage } from '@/wire/timeline'

/** Who reacted to a message, in the order they did. */
export function PeopleDialog({ message, close }: { message: TimelineMessage; close: () => void }) {
  const path = `rooms/${message.room_id}/messages/${message.id}/reactions`
  const list = useInfiniteQuery({
    queryKey: ['reactors', message.id],
    queryFn: ({ pageParam }) => http<ReactorList>('GET', path, { query: { cursor: pageParam } }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    gcTime: 0,
  })
  const people = list.data?.pages.flatMap((page) => page.reactors) ?? []
  return (
    <Dialog size="small" title={m.reactions_people()} onClose={close}>
      {list.isPending && <Spinner />}
      <ul className="flex flex-col gap-1">
        {people.map(({ account, emoji }) => (
          <li key={`${account.id} ${emoji}`} className="flex items-center gap-3 py-1">
            <Avatar name={account.display_name} hue={account.hue} of={account} />
            <span className="min-w-0 grow truncate" dir="auto">
              {account.display_name}
            </span>
            <EmojiGlyph emoji={emoji} className="text-lead" />
          </li>
        ))}
      </ul>
      {list.isError && <p className="text-danger-ink">{errorText(list.error)}</p>}
      <More of={list} className="mt-2" />
    </Dialog>
  )
}
