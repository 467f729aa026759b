import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { PinOffIcon } from 'lucide-react'
import { useEffect } from 'react'
import { bodyLine } from '@/i18n/body-line'
import { errorText } from '@/i18n/errors'
import { formatDate, formatFull } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { http } from '@/lib/http'
import type { PanelProps } from '@/lib/room-parts'
import { useEngine, usePerson, useSync } from '@/sync/react'
import { Avatar } from '@/ui/Avatar'
import { EmptyState } from '@/ui/EmptyState'
import { ErrorState } from '@/ui/ErrorState'
import { IconButton } from '@/ui/IconButton'
import { PanelHead } from '@/ui/PanelHead'
import { PictureThumb } from '@/ui/PictureThumb'
import { Skeleton } from '@/ui/Skeleton'
import type { Pin, PinList } from '@/wire/timeline'
import { mayPin, setPin } from './pin-actions'

/** What the room keeps in sight, the newest first; pressing one goes there. */
export function PinsPanel({ roomId, close }: PanelProps) {
  const list = useQuery({
    queryKey: ['pins', roomId],
    queryFn: () => http<PinList>('GET', `rooms/${roomId}/pins`),
  })
  useFresh(roomId)
  const removable = useSync((state) => {
    const room = state.rooms[roomId]
    return room ? mayPin(room) : false
  })
  const pins = list.data?.pins ?? []
  return (
    <>
      <PanelHead title={m.pins_title()} close={close} />
      <div className="min-h-0 grow overflow-y-auto p-3">
        {list.isPending && <Skeleton className="h-20" />}
        {list.isError && (
          <ErrorState
            title={m.pins_title()}
            text={errorText(list.error)}
            retry={() => void list.refetch()}
          />
        )}
        {list.isSuccess && pins.length === 0 && (
          <EmptyState title={m.pins_empty_title()}>{m.pins_empty()}</EmptyState>
        )}
        <ul className="flex flex-col gap-2">
          {pins.map((pin) => (
            <PinCard key={pin.id} pin={pin} removable={removable} />
          ))}
        </ul>
      </div>
    </>
  )
}

/** A pin set or taken anywhere is an event of this room: then look again. */
function useFresh(roomId: string): void {
  const { store } = useEngine()
  const queries = useQueryClient()
  useEffect(
    () =>
      store.subscribe((now, before) => {
        if (now.rooms[roomId]?.head !== before.rooms[roomId]?.head)
          void queries.invalidateQueries({ queryKey: ['pins', roomId] })
      }),
    [store, queries, roomId],
  )
}

function PinCard({ pin: { message }, removable }: { pin: Pin; removable: boolean }) {
  const author = usePerson(message.author_id)
  const name = author?.display_name ?? m.messages_somebody()
  const text = bodyLine(message.body, message.files) ?? ''
  return (
    <li className="group relative flex gap-3 rounded-card border border-line bg-raised p-3 hover:border-line-strong">
      <Avatar name={author?.display_name ?? ''} hue={author?.hue ?? 60} of={author} />
      <div className="min-w-0 grow">
        <p className="flex items-baseline gap-2">
          <span className="truncate font-semibold" dir="auto">
            {name}
          </span>
          <time
            dateTime={message.sent_at}
            title={formatFull(message.sent_at)}
            className="shrink-0 text-caption text-faint"
          >
            {formatDate(message.sent_at, { dateStyle: 'medium' })}
          </time>
        </p>
        <p className="line-clamp-4 whitespace-pre-wrap break-words" dir="auto">
          {text}
        </p>
        <Link
          to="/rooms/$roomId"
          params={{ roomId: message.room_id }}
          search={{ panel: 'pins', at: String(message.seq) }}
          aria-label={m.pins_go({ name })}
          className="absolute inset-0 rounded-card"
        />
      </div>
      <PictureThumb files={message.files} className="size-14" />
      {removable && (
        <IconButton
          size="small"
          label={m.pins_unpin()}
          icon={<PinOffIcon aria-hidden="true" />}
          onClick={() => void setPin(message.room_id, message.id, false)}
          className="relative"
        />
      )}
    </li>
  )
}
