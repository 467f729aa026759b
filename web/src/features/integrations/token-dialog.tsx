import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useShallow } from 'zustand/react/shallow'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { roomTitle } from '@/sync/naming'
import { useMyId, useSync } from '@/sync/react'
import { Select } from '@/ui/Select'
import { TextField } from '@/ui/TextField'
import type { Bot, MakeToken, NewToken } from '@/wire/integrations'
import { makeTokenLimits } from '@/wire/limits'
import { makeToken } from './api'
import { Choices } from './choices'
import { FormDialog } from './form-dialog'
import { wrongField } from './words'

type Scope = MakeToken['scopes'][number]

interface TokenDialogProps {
  bot: Bot
  onMade: (token: NewToken) => void
  onClose: () => void
}

/** A token opens what is chosen here, and no more than its bot may. */
export function TokenDialog({ bot, onMade, onClose }: TokenDialogProps) {
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<Scope[]>(['read', 'write'])
  const [where, setWhere] = useState<'all' | 'some'>('all')
  const [rooms, setRooms] = useState<string[]>([])
  const make = useMutation({
    mutationFn: () =>
      makeToken(bot.id, {
        name: name.trim(),
        scopes,
        room_ids: where === 'all' ? null : rooms,
      }),
  })
  const wrong = wrongField(make.error, 'name')
  const placed = where === 'all' || rooms.length > 0
  return (
    <FormDialog
      title={m.bots_token_new_of({ name: bot.account.display_name })}
      action={m.bots_make()}
      busy={make.isPending}
      error={make.error && !wrong ? errorText(make.error) : null}
      ready={name.trim() !== '' && scopes.length > 0 && placed}
      onSubmit={() => make.mutate(undefined, { onSuccess: onMade })}
      onClose={onClose}
    >
      <TextField
        autoFocus
        autoComplete="off"
        label={m.bots_token_name()}
        error={wrong}
        value={name}
        maxLength={makeTokenLimits.name.maxLength}
        onChange={(event) => setName(event.target.value)}
      />
      <Choices<Scope>
        label={m.bots_scopes()}
        options={[
          { value: 'read', label: m.bots_read(), hint: m.bots_read_hint() },
          { value: 'write', label: m.bots_write(), hint: m.bots_write_hint() },
        ]}
        chosen={scopes}
        onChange={setScopes}
        none={m.bots_scopes_none()}
      >
        <p className="mt-1 text-small text-muted">{m.bots_never()}</p>
      </Choices>
      <Select
        label={m.bots_rooms()}
        value={where}
        options={[
          { value: 'all', label: m.bots_rooms_all() },
          { value: 'some', label: m.bots_rooms_some() },
        ]}
        onChange={setWhere}
      />
      {where === 'some' && <Rooms chosen={rooms} onChange={setRooms} />}
    </FormDialog>
  )
}

/** Mine: nobody is offered rooms that they do not see. */
function Rooms(props: { chosen: string[]; onChange: (chosen: string[]) => void }) {
  const myId = useMyId()
  const rooms = useSync(
    useShallow((state) =>
      Object.values(state.rooms).filter(
        ({ room }) => room.kind !== 'direct' && room.archived_at === null,
      ),
    ),
  )
  return (
    <div className="max-h-60 overflow-y-auto rounded-control border border-line px-3 py-2">
      <Choices
        label={m.bots_rooms_some()}
        options={rooms.map((room) => ({ value: room.room.id, label: roomTitle(room, myId) }))}
        none={m.bots_rooms_none()}
        {...props}
      />
    </div>
  )
}
