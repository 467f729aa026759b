import { useState } from 'react'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { TextField } from '@/ui/TextField'
import { removeMessage } from './api'

interface RemoveDialogProps {
  roomId: string
  messageId: string
  onClose: () => void
}

export function RemoveDialog({ roomId, messageId, onClose }: RemoveDialogProps) {
  const [reason, setReason] = useState('')
  const [error, setError] = useState<string>()
  const [busy, setBusy] = useState(false)
  const remove = async () => {
    setBusy(true)
    try {
      await removeMessage(roomId, messageId, reason.trim())
      onClose()
    } catch (refusal) {
      setError(errorText(refusal))
      setBusy(false)
    }
  }
  return (
    <Dialog
      size="small"
      title={m.life_remove_title()}
      description={m.life_remove_hint()}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{m.ui_cancel()}</Button>
          <Button tone="danger" busy={busy} onClick={() => void remove()}>
            {m.life_remove_do()}
          </Button>
        </>
      }
    >
      <TextField
        label={m.life_reason()}
        aside={m.ui_optional()}
        value={reason}
        maxLength={250}
        error={error}
        onChange={(event) => setReason(event.target.value)}
      />
    </Dialog>
  )
}
