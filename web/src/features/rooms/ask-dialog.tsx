import type { ReactNode } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { useTask } from '@/ui/use-task'
import { FormError } from './form-error'

interface AskDialogProps {
  /** A question that names the person or the room. */
  title: string
  description: ReactNode
  /** The verb of the title again. */
  action: string
  tone?: 'danger' | 'primary'
  onConfirm: () => Promise<void>
  onClose: () => void
  /** A field of the question: why. */
  children?: ReactNode
}

/** Asks before something others will notice, and stays open to say why it was refused. */
export function AskDialog(props: AskDialogProps) {
  const { busy, error, run } = useTask()
  const confirm = () =>
    run(async () => {
      await props.onConfirm()
      props.onClose()
    })
  return (
    <Dialog
      role="alertdialog"
      size="small"
      title={props.title}
      description={props.description}
      onClose={props.onClose}
      footer={
        <>
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
      {error && <FormError text={error} />}
    </Dialog>
  )
}
