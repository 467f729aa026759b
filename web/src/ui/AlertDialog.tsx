import { type ReactNode, useState } from 'react'
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
  const confirm = async () => {
    setBusy(true)
    try {
      await props.onConfirm()
      props.onClose()
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
    </Dialog>
  )
}
