import { Link } from '@tanstack/react-router'
import { ForwardIcon } from 'lucide-react'
import { m } from '@/i18n/paraglide/messages.js'
import type { RowPart } from '@/lib/row-parts'
import { roomTitle } from '@/sync/naming'
import { usePerson, useSync } from '@/sync/react'
import type { Hop } from '@/wire/messages'

/** Over a copy: who said it, and the way it came. Rooms have names only for who is in them. */
export function ForwardedFrom({ message, myId }: RowPart) {
  const hops = message.forwarded?.hops
  const [first] = hops ?? []
  if (!hops || !first) return null
  return (
    <div className="mb-0.5 flex flex-wrap items-center gap-x-2 text-small text-muted">
      <ForwardIcon className="size-3.5" aria-hidden="true" />
      <HopText hop={first} myId={myId} />
      {hops.length > 1 && (
        <details className="w-full ps-5">
          <summary className="cursor-pointer">{m.forwards_way()}</summary>
          <ol className="list-decimal ps-5">
            {hops.map((hop) => (
              <li key={`${hop.room_id} ${hop.message_id}`}>
                <HopText hop={hop} myId={myId} />
              </li>
            ))}
          </ol>
        </details>
      )}
    </div>
  )
}

function HopText({ hop, myId }: { hop: Hop; myId: string }) {
  const author = usePerson(hop.author_id)
  const room = useSync((state) => state.rooms[hop.room_id])
  const name = author?.display_name ?? m.messages_somebody()
  if (!room) {
    return (
      <span>
        {m.forwards_from({ name })} {m.forwards_from_elsewhere()}
      </span>
    )
  }
  return (
    <span>
      {m.forwards_from_in({ name, room: roomTitle(room, myId) })}{' '}
      <Link
        to="/rooms/$roomId"
        params={{ roomId: hop.room_id }}
        search={{ at: hop.message_id }}
        className="text-accent-ink underline"
      >
        {m.forwards_original()}
      </Link>
    </span>
  )
}

/** Under the original: how often it went on. */
export function ForwardCount({ message }: RowPart) {
  if (message.forwards === 0) return null
  return (
    <p className="mt-0.5 flex items-center gap-1 text-caption text-faint">
      <ForwardIcon className="size-3.5" aria-hidden="true" />
      {m.forwards_count({ count: message.forwards })}
    </p>
  )
}
