import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { errorText } from '@/i18n/errors'
import { formatFull } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { http } from '@/lib/http'
import { Popover } from '@/ui/Popover'
import { Spinner } from '@/ui/Spinner'
import type { Message, RevisionList } from '@/wire/messages'

/** “edited”, and what it said before. */
export function EditedMark({ message }: { message: Message }) {
  const [open, setOpen] = useState(false)
  return (
    <Popover
      label={m.messages_earlier()}
      align="start"
      open={open}
      onOpenChange={setOpen}
      trigger={
        <button
          type="button"
          className="ms-1.5 rounded-small text-caption text-faint underline-offset-2 hover:underline"
        >
          {m.messages_edited()}
        </button>
      }
    >
      {open && <Earlier message={message} />}
    </Popover>
  )
}

function Earlier({ message }: { message: Message }) {
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
