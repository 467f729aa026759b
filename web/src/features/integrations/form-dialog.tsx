import { type ReactNode, useId } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'

interface FormDialogProps {
  title: string
  description?: string
  /** The word on the button that makes it. */
  action: string
  busy: boolean
  /** What was refused as a whole. */
  error: string | null
  /** Is everything there that it takes? */
  ready: boolean
  onSubmit: () => void
  onClose: () => void
  children: ReactNode
}

/** Asks for what it takes to make something. */
export function FormDialog(props: FormDialogProps) {
  const id = useId()
  return (
    <Dialog
      title={props.title}
      description={props.description}
      onClose={props.onClose}
      footer={
        <>
          <Button onClick={props.onClose}>{m.ui_cancel()}</Button>
          <Button type="submit" form={id} tone="primary" busy={props.busy} disabled={!props.ready}>
            {props.action}
          </Button>
        </>
      }
    >
      <form
        id={id}
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault()
          if (props.ready && !props.busy) props.onSubmit()
        }}
      >
        {props.children}
        <p role="alert" className="text-small text-danger-ink empty:hidden">
          {props.error}
        </p>
      </form>
    </Dialog>
  )
}
