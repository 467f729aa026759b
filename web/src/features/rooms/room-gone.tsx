import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { m } from '@/i18n/paraglide/messages.js'
import { useEngine } from '@/sync/react'
import { Button, buttonClass } from '@/ui/Button'
import { EmptyState } from '@/ui/EmptyState'
import { useTask } from '@/ui/use-task'
import * as api from './api'
import { FormError } from './form-error'

/** A room that is not mine: a public one can be joined, any other looks as if it did not exist. */
export function RoomGone({ roomId }: { roomId: string }) {
  const engine = useEngine()
  const { busy, error, run } = useTask()
  const { data, isPending } = useQuery({
    queryKey: ['public-rooms', ''],
    queryFn: () => api.publicRooms('', null),
  })
  const found = data?.rooms.find(({ room }) => room.id === roomId)
  if (isPending) return null
  const join = () =>
    run(async () => {
      await api.joinRoom(roomId)
      await engine.fetchRoom(roomId)
    })
  return (
    <div className="flex grow items-center">
      {found ? (
        <EmptyState
          title={found.room.name ?? ''}
          action={
            <Button tone="primary" busy={busy} onClick={() => void join()}>
              {m.rooms_join()}
            </Button>
          }
        >
          <p>{found.room.topic || m.rooms_join_text()}</p>
          <FormError text={error} />
        </EmptyState>
      ) : (
        <EmptyState
          title={m.rooms_gone_title()}
          action={
            <Link to="/rooms" className={buttonClass()}>
              {m.rooms_back()}
            </Link>
          }
        >
          {m.rooms_gone_text()}
        </EmptyState>
      )}
    </div>
  )
}
