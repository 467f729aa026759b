import { useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { Select } from '@/ui/Select'
import { TextField } from '@/ui/TextField'
import { useTask } from '@/ui/use-task'
import * as api from './api'
import { FormError } from './form-error'

const MINUTE = 60_000

const spans: readonly { value: string; minutes: number; label: () => string }[] = [
  { value: '10m', minutes: 10, label: () => m.life_minutes({ count: 10 }) },
  { value: '1h', minutes: 60, label: () => m.life_hours({ count: 1 }) },
  { value: '8h', minutes: 480, label: () => m.life_hours({ count: 8 }) },
  { value: '1d', minutes: 1_440, label: () => m.life_days({ count: 1 }) },
  { value: '7d', minutes: 10_080, label: () => m.life_days({ count: 7 }) },
  { value: '28d', minutes: 40_300, label: () => m.life_days({ count: 28 }) },
]

interface TimeOutDialogProps {
  roomId: string
  accountId: string
  name: string
  onClose: () => void
}

/** Lets a member only read for a while. */
export function TimeOutDialog({ roomId, accountId, name, onClose }: TimeOutDialogProps) {
  const [span, setSpan] = useState('1h')
  const [reason, setReason] = useState('')
  const { busy, error, run } = useTask()
  const confirm = () =>
    run(async () => {
      const minutes = spans.find((one) => one.value === span)?.minutes ?? 60
      const until = new Date(Date.now() + minutes * MINUTE).toISOString()
      await api.timeOut(roomId, accountId, { until, reason: reason.trim() })
      onClose()
    })
  return (
    <Dialog
      size="small"
      title={m.life_time_out_title({ name })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{m.ui_cancel()}</Button>
          <Button tone="danger" busy={busy} onClick={() => void confirm()}>
            {m.life_time_out_do()}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Select
          label={m.life_time_out_for()}
          value={span}
          options={spans.map(({ value, label }) => ({ value, label: label() }))}
          onChange={setSpan}
        />
        <TextField
          label={m.life_reason()}
          aside={m.ui_optional()}
          value={reason}
          maxLength={250}
          onChange={(event) => setReason(event.target.value)}
        />
        <FormError text={error} />
      </div>
    </Dialog>
  )
}
