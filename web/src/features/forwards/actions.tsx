import { ForwardIcon } from 'lucide-react'
import { m } from '@/i18n/paraglide/messages.js'
import { later } from '@/lib/later'
import { openOverlay } from '@/lib/overlays'
import type { RowAction, RowPart } from '@/lib/row-parts'
import type { ForwardDialogProps } from './forward-dialog'

const Dialog = later<ForwardDialogProps>(
  async () => (await import('./forward-dialog')).ForwardDialog,
)

export function forwardActions({ message }: RowPart): readonly RowAction[] {
  if (message.body.kind !== 'text' && message.body.kind !== 'voice') return []
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
