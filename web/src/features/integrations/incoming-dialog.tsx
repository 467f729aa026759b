import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { TextField } from '@/ui/TextField'
import type { NewIncoming } from '@/wire/integrations'
import { makeIncomingLimits } from '@/wire/limits'
import { makeIncoming } from './api'
import { FormDialog } from './form-dialog'
import { wrongField } from './words'

interface IncomingDialogProps {
  roomId: string
  onMade: (hook: NewIncoming) => void
  onClose: () => void
}

export function IncomingDialog({ roomId, onMade, onClose }: IncomingDialogProps) {
  const [name, setName] = useState('')
  const make = useMutation({ mutationFn: () => makeIncoming(roomId, name.trim()) })
  const wrong = wrongField(make.error, 'name')
  return (
    <FormDialog
      title={m.hooks_in_new()}
      description={m.hooks_in_hint()}
      action={m.hooks_make()}
      busy={make.isPending}
      error={make.error && !wrong ? errorText(make.error) : null}
      ready={name.trim() !== ''}
      onSubmit={() => make.mutate(undefined, { onSuccess: onMade })}
      onClose={onClose}
    >
      <TextField
        autoFocus
        label={m.hooks_in_name()}
        hint={m.hooks_in_name_hint()}
        error={wrong}
        value={name}
        maxLength={makeIncomingLimits.name.maxLength}
        onChange={(event) => setName(event.target.value)}
      />
    </FormDialog>
  )
}
