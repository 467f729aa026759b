import { type ReactNode, useState } from 'react'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { Button } from './Button'
import { Dialog } from './Dialog'

export interface AlertDialogProps {
  /** A question that names the thing: “Delete this message?” */
  title: string
  /** What will be gone, and for whom. */
  description: ReactNode
  /** The verb of the title again, never “OK”. */
  action: string
  onConfirm: () => Promise<void> | void
  onClose: () => void
  tone?: 'danger' | 'primary'
  children?: ReactNode
}

/** Asks before what cannot be taken back. Focus begins on Cancel. */
export function AlertDialog(props: AlertDialogProps) {
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<string | null>(null)
  const confirm = async () => {
    setBusy(true)
    setTrouble(null)
    try {
      await props.onConfirm()
      props.onClose()
    } catch (refusal) {
      // It stays open: what was asked for has not happened, and can be asked for again.
      setTrouble(errorText(refusal))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog
      role="alertdialog"
      size="small"
      title={props.title}
      description={props.description}
      onClose={props.onClose}
      footer={
        <>
          {/* The safe answer is the one Enter gives. */}
          <Button autoFocus onClick={props.onClose}>
            {m.ui_cancel()}
          </Button>
          <Button tone={props.tone ?? 'danger'} busy={busy} onClick={() => void confirm()}>
            {props.action}
          </Button>
        </>
      }
    >
      {props.children}
      <p role="alert" className="text-small text-danger-ink empty:hidden">
        {trouble}
      </p>
    </Dialog>
  )
}
