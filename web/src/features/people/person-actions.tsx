import { useNavigate } from '@tanstack/react-router'
import { m } from '@/i18n/paraglide/messages.js'
import { http } from '@/lib/http'
import { askReport } from '@/lib/reporting'
import { useEngine, useMyId } from '@/sync/react'
import { Button } from '@/ui/Button'
import type { PersonCard } from '@/wire/presence'
import type { RoomSnapshot } from '@/wire/sync'
import * as api from './api'
import type { Step } from './person-dialog'
import { useAct } from './use-act'

interface PersonActionsProps {
  card: PersonCard
  step: (step: Step) => void
  onClose: () => void
}

export function PersonActions({ card, step, onClose }: PersonActionsProps) {
  const { id } = card.account
  const myId = useMyId()
  const { busy, act } = useAct()
  const write = useWriteTo()
  const report = () => {
    onClose()
    askReport({ roomId: null, person: { id, name: card.account.display_name } })
  }
  if (id === myId) return null
  return (
    <div className="flex flex-wrap gap-2">
      {card.may_message && (
        <Button
          tone="primary"
          busy={busy}
          onClick={() => void act(() => write(id)).then((done) => done && onClose())}
        >
          {m.people_message()}
        </Button>
      )}
      <Tie card={card} busy={busy} act={act} />
      {card.blocked ? (
        <Button busy={busy} onClick={() => void act(() => api.unblock(id))}>
          {m.people_unblock()}
        </Button>
      ) : (
        <Button onClick={() => step('block')}>{m.people_block()}</Button>
      )}
      <Button tone="quiet" onClick={report}>
        {m.people_report()}
      </Button>
    </div>
  )
}

interface TieProps {
  card: PersonCard
  busy: boolean
  act: (task: () => Promise<unknown>) => Promise<boolean>
}

function Tie({ card: { contact, blocked, account }, busy, act }: TieProps) {
  const drop = () => void act(() => api.drop(account.id))
  if (contact === 'contact')
    return (
      <Button busy={busy} onClick={drop}>
        {m.people_remove()}
      </Button>
    )
  if (contact === 'requested')
    return (
      <Button busy={busy} onClick={drop}>
        {m.people_withdraw()}
      </Button>
    )
  if (contact === 'incoming')
    return (
      <Button busy={busy} onClick={() => void act(() => api.accept(account.id))}>
        {m.people_accept()}
      </Button>
    )
  if (blocked) return null
  return (
    <Button busy={busy} onClick={() => void act(() => api.request(account.id))}>
      {m.people_add()}
    </Button>
  )
}

/** Into the direct room with somebody. */
function useWriteTo(): (accountId: string) => Promise<void> {
  const engine = useEngine()
  const navigate = useNavigate()
  return async (accountId) => {
    const body = { kind: 'direct', members: [accountId] }
    const { room } = await http<RoomSnapshot>('POST', 'rooms', { body })
    await engine.fetchRoom(room.id)
    await navigate({ to: '/rooms/$roomId', params: { roomId: room.id } })
  }
}
