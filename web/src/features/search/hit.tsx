import { useSearch as useAddress, useNavigate } from '@tanstack/react-router'
import { MessageSquareIcon } from 'lucide-react'
import type { MouseEvent } from 'react'
import { bodyLine } from '@/i18n/body-line'
import { formatDate, formatFull, formatTime } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { dayKey } from '@/lib/dates'
import { Avatar } from '@/ui/Avatar'
import { PictureThumb } from '@/ui/PictureThumb'
import type { Account } from '@/wire/accounts'
import type { SearchHit } from '@/wire/search'

interface HitProps {
  hit: SearchHit
  author: Account | undefined
  roomTitle: string | null
  /** A room is open beside the hits. */
  isHere: boolean
  onOpen: () => void
}

/** Who said it, when and where; opens the message in its place. */
export function Hit({ hit, author, roomTitle, isHere, onOpen }: HitProps) {
  const open = useOpenHit(hit, isHere)
  const { message } = hit
  const name = author?.display_name ?? ''
  return (
    <a
      data-hit
      href={`/rooms/${message.room_id}?at=${message.id}`}
      onClick={(event) => {
        if (isPlainClick(event)) {
          event.preventDefault()
          onOpen()
          open()
        }
      }}
      className="flex gap-3 px-5 py-2 transition-colors hover:bg-hover focus-visible:bg-hover"
    >
      <Avatar size="small" name={name} hue={author?.hue ?? 0} of={author} className="mt-0.5" />
      <span className="min-w-0 grow">
        <span className="flex items-baseline gap-2">
          <span className="truncate font-semibold" dir="auto">
            {name}
          </span>
          {roomTitle && (
            <span className="truncate text-caption text-muted" dir="auto">
              {roomTitle}
            </span>
          )}
          <time
            dateTime={message.sent_at}
            title={formatFull(message.sent_at)}
            className="ms-auto shrink-0 text-caption text-muted"
          >
            {whenOf(message.sent_at)}
          </time>
        </span>
        <span className="line-clamp-3 break-words text-small" dir="auto">
          {hit.excerpt.length === 0 && bodyLine(message.body, hit.files)}
          {hit.excerpt.map((part, index) =>
            part.found ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: parts of one line have no other name
              <mark key={index} className="rounded-small bg-accent-soft px-0.5 text-accent-ink">
                {part.text}
              </mark>
            ) : (
              part.text
            ),
          )}
        </span>
        {message.thread && (
          <span className="mt-0.5 flex items-center gap-1 text-caption text-muted">
            <MessageSquareIcon aria-hidden="true" className="size-3.5" />
            {m.search_in_thread()}
          </span>
        )}
      </span>
      <PictureThumb files={hit.files} className="size-12" />
    </a>
  )
}

const isPlainClick = (event: MouseEvent) =>
  event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey

/** The time of today, the day of this year, the date of others. */
function whenOf(at: string): string {
  const now = new Date()
  if (dayKey(at) === dayKey(now)) return formatTime(at)
  const thisYear = new Date(at).getFullYear() === now.getFullYear()
  return formatDate(at, { day: 'numeric', month: 'short', ...(!thisYear && { year: 'numeric' }) })
}

/** In its room, beside the hits where both fit; a reply that only its thread shows, there. */
function useOpenHit({ message }: SearchHit, isHere: boolean): () => void {
  const navigate = useNavigate()
  const address = useAddress({ strict: false })
  return () => {
    const wide = matchMedia('(min-width: 48.0625rem)').matches
    const onlyThread = message.thread !== null && !message.in_room
    // The address of a second look must differ, or nothing would move.
    const at = address.at === message.id ? String(message.seq) : message.id
    const panel = onlyThread ? `thread:${message.thread}` : wide ? 'search' : null
    void navigate({
      to: '/rooms/$roomId',
      params: { roomId: message.room_id },
      search: { ...(panel && { panel }), ...(!onlyThread && { at }) },
      replace: isHere && wide && !onlyThread,
    })
  }
}
