import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { HashIcon } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { useEngine } from '@/sync/react'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { ErrorState } from '@/ui/ErrorState'
import { TextField } from '@/ui/TextField'
import { useTask } from '@/ui/use-task'
import type { PublicRoom } from '@/wire/rooms'
import * as api from './api'
import { FormError } from './form-error'

export function BrowseDialog({ onClose }: { onClose: () => void }) {
  const [query, setQuery] = useState('')
  const wanted = useDeferredValue(query.trim())
  const { data, error, refetch } = useQuery({
    queryKey: ['public-rooms', wanted],
    queryFn: () => api.publicRooms(wanted, null),
    placeholderData: keepPreviousData,
    staleTime: 0,
  })
  return (
    <Dialog title={m.rooms_browse()} description={m.rooms_browse_hint()} onClose={onClose}>
      <TextField
        type="search"
        label={m.rooms_find()}
        value={query}
        onChange={(event) => setQuery(event.target.value)}
        autoFocus
      />
      {error && !data ? (
        <ErrorState
          title={m.rooms_browse_failed()}
          text={errorText(error)}
          retry={() => void refetch()}
        />
      ) : (
        <ul className="mt-4 h-72 overflow-y-auto">
          {data?.rooms.map((found) => (
            <FoundRoom key={found.room.id} found={found} onClose={onClose} />
          ))}
          {data?.rooms.length === 0 && (
            <li className="py-8 text-center font-serif text-lead">{m.rooms_browse_none()}</li>
          )}
        </ul>
      )}
    </Dialog>
  )
}

function FoundRoom({ found, onClose }: { found: PublicRoom; onClose: () => void }) {
  const { room, member_count, joined } = found
  const engine = useEngine()
  const navigate = useNavigate()
  const { busy, error, run } = useTask()
  const open = () =>
    run(async () => {
      if (!joined) {
        await api.joinRoom(room.id)
        await engine.fetchRoom(room.id)
      }
      onClose()
      await navigate({ to: '/rooms/$roomId', params: { roomId: room.id } })
    })
  return (
    <li className="flex items-center gap-3 border-b border-line py-2 last:border-0">
      <HashIcon aria-hidden="true" className="size-5 shrink-0 text-faint" />
      <span className="min-w-0 grow">
        <span className="block truncate font-semibold" dir="auto">
          {room.name}
        </span>
        <span className="block truncate text-small text-muted" dir="auto">
          {m.rooms_n_members({ count: member_count })}
          {room.topic && ` · ${room.topic}`}
        </span>
        <FormError text={error} />
      </span>
      <Button
        size="small"
        tone={joined ? 'plain' : 'primary'}
        busy={busy}
        aria-label={
          joined
            ? m.rooms_open_named({ room: room.name ?? '' })
            : m.rooms_join_named({ room: room.name ?? '' })
        }
        onClick={() => void open()}
      >
        {joined ? m.rooms_open() : m.rooms_join()}
      </Button>
    </li>
  )
}
