import { ForwardIcon } from 'lucide-react'
import { m } from '@/i18n/paraglide/messages.js'
import { later } from '@/lib/later'
import { openOverlay } from '@/lib/overlays'
import type { ManyAction, RowAction, RowPart } from '@/lib/row-parts'
import type { ForwardDialogProps } from './forward-dialog'

const Dialog = later<ForwardDialogProps>(
  async () => (await import('./forward-dialog')).ForwardDialog,
)

const mayForward = ({ body }: RowPart['message']) =>
  body.kind === 'text' || body.kind === 'voice' || body.kind === 'files'

export const forwardMany = (): ManyAction => ({
  id: 'forward',
  label: m.forwards_forward(),
  icon: <ForwardIcon aria-hidden="true" className="size-4" />,
  fits: mayForward,
  run: (messages) => openOverlay((close) => <Dialog messages={messages} onClose={close} />),
})

export function forwardActions({ message }: RowPart): readonly RowAction[] {
  if (!mayForward(message)) return []
  return [
    {
      id: 'forward',
      label: m.forwards_forward(),
      icon: <ForwardIcon aria-hidden="true" />,
      run: () => openOverlay((close) => <Dialog messages={[message]} onClose={close} />),
      key: 'f',
    },
  ]
}
