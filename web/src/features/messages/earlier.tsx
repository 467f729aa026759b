import { useQuery } from '@tanstack/react-query'
import { errorText } from '@/i18n/errors'
import { formatFull } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { http } from '@/lib/http'
import { Spinner } from '@/ui/Spinner'
import type { Message, RevisionList } from '@/wire/messages'

/** What a message said before it was edited. */
export function Earlier({ message }: { message: Message }) {
  const { data, error } = useQuery({
    queryKey: ['revisions', message.id, message.edited_at],
    queryFn: () =>
      http<RevisionList>('GET', `rooms/${message.room_id}/messages/${message.id}/revisions`),
  })
  if (error) return <p className="text-small text-danger-ink">{errorText(error)}</p>
  if (!data) return <Spinner />
  return (
    <ol className="flex max-h-80 w-72 flex-col gap-3 overflow-y-auto text-small">
      {data.revisions.map((revision) => (
        <li key={revision.replaced_at}>
          <p className="text-caption text-muted">
            {m.messages_until({ when: formatFull(revision.replaced_at) })}
          </p>
          <p dir="auto" className="whitespace-pre-wrap">
            {revision.text}
          </p>
        </li>
      ))}
    </ol>
  )
}
