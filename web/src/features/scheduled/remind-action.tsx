import { AlarmClockIcon } from 'lucide-react'
import { m } from '@/i18n/paraglide/messages.js'
import { later } from '@/lib/later'
import { openOverlay } from '@/lib/overlays'
import type { RowAction, RowPart } from '@/lib/row-parts'
import type { RemindDialogProps } from './remind-dialog'

const Remind = later<RemindDialogProps>(async () => (await import('./remind-dialog')).RemindDialog)

export function remindActions({ message }: RowPart): readonly RowAction[] {
  if (message.body.kind === 'deleted' || message.body.kind === 'system') return []
  return [
    {
      id: 'remind',
      label: m.reminders_remind(),
      icon: <AlarmClockIcon aria-hidden="true" />,
      run: () => openOverlay((close) => <Remind message={message} onClose={close} />),
    },
  ]
}
