import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { useEngine } from '@/sync/react'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { useTask } from '@/ui/use-task'
import type { Account } from '@/wire/accounts'
import * as api from './api'
import { FormError } from './form-error'
import { PeoplePicker } from './people-picker'

/** One person makes a direct room, the same one for ever; more make a group. */
export function NewMessageDialog({ onClose }: { onClose: () => void }) {
  const [picked, setPicked] = useState<readonly Account[]>([])
  const openWith = useOpenWith()
  const { busy, error, run } = useTask()
  const submit = () =>
    run(async () => {
      await openWith(picked.map((person) => person.id))
      onClose()
    })
  return (
    <Dialog
      title={m.rooms_new_message()}
      description={m.rooms_new_message_hint()}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{m.ui_cancel()}</Button>
          <Button
            tone="primary"
            busy={busy}
            disabled={picked.length === 0}
            onClick={() => void submit()}
          >
            {picked.length > 1 ? m.rooms_start_group() : m.rooms_start_direct()}
          </Button>
        </>
      }
    >
      <PeoplePicker eager label={m.rooms_to()} picked={picked} onPick={setPicked} />
      <FormError text={error} />
    </Dialog>
  )
}

/** Opens the direct room with one person, or a new group of several. Throws `ApiError`. */
export function useOpenWith(): (accountIds: readonly string[]) => Promise<void> {
  const engine = useEngine()
  const navigate = useNavigate()
  return async (accountIds) => {
    const kind = accountIds.length > 1 ? 'group' : 'direct'
    const { room } = await api.createRoom({ kind, members: [...accountIds] })
    await engine.fetchRoom(room.id)
    await navigate({ to: '/rooms/$roomId', params: { roomId: room.id } })
  }
}
