import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { TextField } from '@/ui/TextField'
import type { HookEvent, NewOutgoing } from '@/wire/integrations'
import { makeOutgoingLimits } from '@/wire/limits'
import { makeOutgoing, type Place } from './api'
import { Choices } from './choices'
import { FormDialog } from './form-dialog'
import { eventLabels, hookEvents, wrongField } from './words'

interface OutgoingDialogProps {
  place: Place
  onMade: (hook: NewOutgoing) => void
  onClose: () => void
}

export function OutgoingDialog({ place, onMade, onClose }: OutgoingDialogProps) {
  const [url, setUrl] = useState('')
  const [events, setEvents] = useState<HookEvent[]>(['message.sent'])
  const make = useMutation({ mutationFn: () => makeOutgoing(place, { url: url.trim(), events }) })
  const wrong = wrongField(make.error, 'url')
  return (
    <FormDialog
      title={m.hooks_out_new()}
      description={place === null ? m.hooks_server_lead() : m.hooks_out_hint()}
      action={m.hooks_make()}
      busy={make.isPending}
      error={make.error && !wrong ? errorText(make.error) : null}
      ready={url.trim() !== '' && events.length > 0}
      onSubmit={() => make.mutate(undefined, { onSuccess: onMade })}
      onClose={onClose}
    >
      <TextField
        autoFocus
        type="url"
        inputMode="url"
        autoComplete="off"
        dir="ltr"
        label={m.hooks_url()}
        hint={m.hooks_url_hint()}
        error={wrong}
        value={url}
        maxLength={makeOutgoingLimits.url.maxLength}
        onChange={(event) => setUrl(event.target.value)}
      />
      <Choices
        label={m.hooks_events()}
        options={hookEvents.map((value) => ({ value, label: eventLabels[value]() }))}
        chosen={events}
        onChange={setEvents}
        none={m.hooks_events_none()}
      />
    </FormDialog>
  )
}
