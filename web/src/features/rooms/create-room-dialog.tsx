import { useNavigate } from '@tanstack/react-router'
import { HashIcon, LockIcon } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { useEngine } from '@/sync/react'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { TextField } from '@/ui/TextField'
import { useTask } from '@/ui/use-task'
import type { Account } from '@/wire/accounts'
import { createRoomLimits } from '@/wire/limits'
import type { Visibility } from '@/wire/rooms'
import * as api from './api'
import { FormError } from './form-error'
import { PeoplePicker } from './people-picker'

export function CreateRoomDialog({ onClose }: { onClose: () => void }) {
  const id = useId()
  const engine = useEngine()
  const navigate = useNavigate()
  const [name, setName] = useState('')
  const [topic, setTopic] = useState('')
  const [visibility, setVisibility] = useState<Visibility>('private')
  const [members, setMembers] = useState<readonly Account[]>([])
  const { busy, error, run } = useTask()
  const submit = () =>
    run(async () => {
      const made = await api.createRoom({
        kind: 'channel',
        name: name.trim(),
        topic: topic.trim(),
        visibility,
        members: members.map((person) => person.id),
      })
      await engine.fetchRoom(made.room.id)
      onClose()
      await navigate({ to: '/rooms/$roomId', params: { roomId: made.room.id } })
    })
  return (
    <Dialog
      title={m.rooms_create()}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{m.ui_cancel()}</Button>
          <Button tone="primary" type="submit" form={id} busy={busy} disabled={name.trim() === ''}>
            {m.rooms_create_action()}
          </Button>
        </>
      }
    >
      <form
        id={id}
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <TextField
          label={m.rooms_name()}
          value={name}
          onChange={(event) => setName(event.target.value)}
          maxLength={createRoomLimits.name.maxLength}
          required
          autoFocus
        />
        <TextField
          label={m.rooms_topic()}
          aside={m.ui_optional()}
          value={topic}
          onChange={(event) => setTopic(event.target.value)}
          maxLength={createRoomLimits.topic.maxLength}
        />
        <VisibilityField value={visibility} onChange={setVisibility} />
        <PeoplePicker label={m.rooms_first_members()} picked={members} onPick={setMembers} />
        <FormError text={error} />
      </form>
    </Dialog>
  )
}

interface VisibilityFieldProps {
  value: Visibility
  onChange: (value: Visibility) => void
}

export function VisibilityField({ value, onChange }: VisibilityFieldProps) {
  const name = useId()
  const choice = (of: Visibility, icon: ReactNode, label: string, hint: string) => (
    <label className="flex cursor-pointer items-start gap-3 rounded-control border border-line p-3 transition-colors hover:border-line-strong has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus">
      <input
        type="radio"
        name={name}
        checked={value === of}
        onChange={() => onChange(of)}
        className="sr-only"
      />
      <span aria-hidden="true" className="mt-0.5 text-muted [&_svg]:size-5">
        {icon}
      </span>
      <span>
        <span className="block font-semibold">{label}</span>
        <span className="block text-small text-muted">{hint}</span>
      </span>
    </label>
  )
  return (
    <fieldset>
      <legend className="mb-2 text-small font-semibold">{m.rooms_visibility()}</legend>
      <div className="grid gap-3 sm:grid-cols-2">
        {choice('private', <LockIcon />, m.rooms_private(), m.rooms_private_hint())}
        {choice('public', <HashIcon />, m.rooms_public(), m.rooms_public_hint())}
      </div>
    </fieldset>
  )
}
