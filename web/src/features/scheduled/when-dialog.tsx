import { useState } from 'react'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { TextField } from '@/ui/TextField'
import { choices, fromField, myZone, toField, whenText } from './times'

export interface WhenDialogProps {
  title: string
  confirm: string
  /** Does it; a refusal is shown here. */
  onChoose: (at: Date) => Promise<void>
  onClose: () => void
}

const YEAR = 366 * 86_400_000

/** Asks for a time: some that people mean, or any. */
export function WhenDialog({ title, confirm, onChoose, onClose }: WhenDialogProps) {
  const [now] = useState(() => new Date())
  const [field, setField] = useState(() => toField(new Date(now.getTime() + 3_600_000)))
  const [error, setError] = useState<string | undefined>()
  const [busy, setBusy] = useState(false)
  const choose = async (at: Date | null) => {
    const ahead = (at?.getTime() ?? 0) - Date.now()
    if (!at || ahead <= 0 || ahead > YEAR) return setError(m.scheduled_past())
    setBusy(true)
    try {
      await onChoose(at)
      onClose()
    } catch (refusal) {
      setError(errorText(refusal))
      setBusy(false)
    }
  }
  return (
    <Dialog title={title} onClose={onClose} size="small">
      <ul className="mb-4 grid gap-1.5">
        {choices(now).map((one) => (
          <li key={one.id}>
            <Button className="w-full" busy={busy} onClick={() => void choose(one.at)}>
              <span className="flex w-full justify-between gap-4">
                <span>{one.label}</span>
                <span className="font-normal text-muted">
                  {whenText(one.at.toISOString(), myZone())}
                </span>
              </span>
            </Button>
          </li>
        ))}
      </ul>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void choose(fromField(field))
        }}
      >
        <TextField
          type="datetime-local"
          label={m.scheduled_custom()}
          hint={m.scheduled_zone({ zone: myZone().replaceAll('_', ' ') })}
          error={error}
          value={field}
          onChange={(event) => setField(event.target.value)}
        />
        <div className="mt-3 flex justify-end gap-2">
          <Button type="button" onClick={onClose}>
            {m.ui_cancel()}
          </Button>
          <Button type="submit" tone="primary" busy={busy}>
            {confirm}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
