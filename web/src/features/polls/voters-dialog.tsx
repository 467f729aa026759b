import { useInfiniteQuery } from '@tanstack/react-query'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { http } from '@/lib/http'
import { Avatar } from '@/ui/Avatar'
import { Dialog } from '@/ui/Dialog'
import { More } from '@/ui/More'
import { Spinner } from '@/ui/Spinner'
import type { PollBody } from '@/wire/messages'
import type { VoterList } from '@/wire/polls'
import type { TimelineMessage } from '@/wire/timeline'

/** Who chose what. */
export function VotersDialog({
  message,
  poll,
  close,
}: {
  message: TimelineMessage
  poll: PollBody
  close: () => void
}) {
  const path = `rooms/${message.room_id}/messages/${message.id}/poll/voters`
  const list = useInfiniteQuery({
    queryKey: ['voters', message.id, message.poll],
    queryFn: ({ pageParam }) => http<VoterList>('GET', path, { query: { cursor: pageParam } }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  })
  const voters = list.data?.pages.flatMap((page) => page.voters) ?? []
  return (
    <Dialog size="small" title={m.polls_who()} description={poll.text} onClose={close}>
      {list.isPending && <Spinner />}
      {list.isError && <p className="text-danger-ink">{errorText(list.error)}</p>}
      {poll.options.map((option, at) => {
        const chose = voters.filter(({ choice }) => choice === at)
        return (
          chose.length > 0 && (
            // biome-ignore lint/suspicious/noArrayIndexKey: answers never change places
            <section key={at} className="mb-4">
              <h3 className="mb-1 font-semibold" dir="auto">
                {option}
              </h3>
              <ul className="flex flex-col gap-1">
                {chose.map(({ account }) => (
                  <li key={account.id} className="flex items-center gap-3">
                    <Avatar name={account.display_name} hue={account.hue} of={account} />
                    <span dir="auto">{account.display_name}</span>
                  </li>
                ))}
              </ul>
            </section>
          )
        )
      })}
      <More of={list} />
    </Dialog>
  )
}
