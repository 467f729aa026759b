import { useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { useTask } from '@/ui/use-task'
import type { Account } from '@/wire/accounts'
import type { Member } from '@/wire/rooms'
import * as api from './api'
import { FormError } from './form-error'
import { PeoplePicker } from './people-picker'

interface AddPeopleDialogProps {
  roomId: string
  members: readonly Member[]
  onClose: () => void
}

export function AddPeopleDialog({ roomId, members, onClose }: AddPeopleDialogProps) {
  const [picked, setPicked] = useState<readonly Account[]>([])
  const { busy, error, run } = useTask()
  const inside = new Set(members.map((member) => member.account.id))
  const add = () =>
    run(async () => {
      await api.addMembers(
        roomId,
        picked.map((person) => person.id),
      )
      onClose()
    })
  return (
    <Dialog
      title={m.rooms_add_people()}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{m.ui_cancel()}</Button>
          <Button
            tone="primary"
            busy={busy}
            disabled={picked.length === 0}
            onClick={() => void add()}
          >
            {m.rooms_add_action()}
          </Button>
        </>
      }
    >
      <PeoplePicker
        eager
        label={m.rooms_who()}
        picked={picked}
        onPick={setPicked}
        without={inside}
      />
      <FormError text={error} />
    </Dialog>
  )
}
