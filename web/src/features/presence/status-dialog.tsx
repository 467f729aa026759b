import { useState } from 'react'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { http } from '@/lib/http'
import { signedIn } from '@/lib/session'
import { useSync } from '@/sync/react'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { Select } from '@/ui/Select'
import { TextField } from '@/ui/TextField'
import { toast } from '@/ui/toasts'
import type { OwnAccount } from '@/wire/accounts'
import type { Availability, SetAvailability } from '@/wire/presence'
import { QuietHoursEditor } from './quiet-hours-editor'
import { type Span, spans, until } from './spans'

const spanLabels: Record<Span, () => string> = {
  as_it_is: m.presence_as_it_is,
  never: m.presence_never,
  half_hour: m.presence_half_hour,
  hour: m.presence_hour,
  four_hours: m.presence_four_hours,
  today: m.presence_today,
}

/** What I am up to, for how long; and when I want to be left alone. */
export function StatusDialog({ onClose }: { onClose: () => void }) {
  const account = useSync((state) => state.account)
  const availability = useSync((state) => state.own.availability)
  if (!account) return null
  return <Form account={account} availability={availability} onClose={onClose} />
}

interface FormProps {
  account: OwnAccount
  availability: Availability
  onClose: () => void
}

function Form({ account, availability, onClose }: FormProps) {
  const [text, setText] = useState(account.status_text)
  const [emoji, setEmoji] = useState(account.status_emoji)
  const [span, setSpan] = useState<Span>(account.status_until ? 'as_it_is' : 'never')
  const [quiet, setQuiet] = useState<SetAvailability>(availability)
  const [busy, setBusy] = useState(false)
  const save = async (status: { text: string; emoji: string }) => {
    setBusy(true)
    const status_until = status.text || status.emoji ? until(span, new Date()) : null
    try {
      const changed = await http<OwnAccount>('PATCH', 'me', {
        body: {
          status_text: status.text,
          status_emoji: status.emoji,
          ...(status_until !== undefined && { status_until }),
        },
      })
      signedIn(changed)
      await http('PUT', 'me/availability', { body: quiet })
      onClose()
    } catch (refusal) {
      toast(errorText(refusal), { tone: 'danger' })
      setBusy(false)
    }
  }
  return (
    <Dialog
      title={m.presence_status()}
      description={m.presence_status_lead()}
      onClose={onClose}
      footer={
        <>
          {(account.status_text || account.status_emoji) && (
            <Button onClick={() => void save({ text: '', emoji: '' })}>{m.presence_clear()}</Button>
          )}
          <Button tone="primary" busy={busy} onClick={() => void save({ text, emoji })}>
            {m.presence_save()}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-5">
        <div className="grid grid-cols-[6rem_1fr] gap-3">
          <TextField
            label={m.presence_status_emoji()}
            value={emoji}
            maxLength={32}
            onChange={(event) => setEmoji(event.target.value)}
          />
          <TextField
            label={m.presence_status_text()}
            value={text}
            maxLength={100}
            autoFocus
            onChange={(event) => setText(event.target.value)}
          />
        </div>
        <Select
          label={m.presence_clear_after()}
          value={span}
          options={spans
            .filter((value) => value !== 'as_it_is' || account.status_until !== null)
            .map((value) => ({ value, label: spanLabels[value]() }))}
          onChange={setSpan}
        />
        <Quiet quiet={quiet} set={setQuiet} />
        <QuietHoursEditor quiet={quiet} set={setQuiet} />
      </div>
    </Dialog>
  )
}

type QuietSpan = Span | 'off' | 'on'

function Quiet({ quiet, set }: { quiet: SetAvailability; set: (quiet: SetAvailability) => void }) {
  const [span, setSpan] = useState<QuietSpan>(
    !quiet.dnd ? 'off' : quiet.dnd_until ? 'as_it_is' : 'on',
  )
  const choose = (value: QuietSpan) => {
    setSpan(value)
    if (value === 'off') set({ ...quiet, dnd: false, dnd_until: null })
    else if (value === 'on') set({ ...quiet, dnd: true, dnd_until: null })
    else {
      const dnd_until = until(value, new Date())
      if (dnd_until !== undefined) set({ ...quiet, dnd: true, dnd_until })
    }
  }
  const options: { value: QuietSpan; label: string }[] = [
    { value: 'off', label: m.presence_quiet_off() },
    ...(quiet.dnd_until ? [{ value: 'as_it_is' as const, label: m.presence_as_it_is() }] : []),
    { value: 'half_hour', label: m.presence_half_hour() },
    { value: 'hour', label: m.presence_hour() },
    { value: 'four_hours', label: m.presence_four_hours() },
    { value: 'today', label: m.presence_today() },
    { value: 'on', label: m.presence_quiet_on() },
  ]
  return (
    <Select
      label={m.presence_quiet()}
      hint={m.presence_quiet_text()}
      value={span}
      options={options}
      onChange={choose}
    />
  )
}
