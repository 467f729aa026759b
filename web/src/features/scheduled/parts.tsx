import { AlarmClockIcon, CalendarClockIcon } from 'lucide-react'
import { m } from '@/i18n/paraglide/messages.js'
import type { ComposerPart } from '@/lib/composer-parts'
import { later } from '@/lib/later'
import { openOverlay } from '@/lib/overlays'
import type { RowAction, RowPart } from '@/lib/row-parts'
import { IconButton } from '@/ui/IconButton'
import { SideLink } from '@/ui/SideLink'
import type { RemindDialogProps } from './remind-dialog'
import type { SendLaterDialogProps } from './send-later-dialog'

const SendLater = later<SendLaterDialogProps>(
  async () => (await import('./send-later-dialog')).SendLaterDialog,
)
const Remind = later<RemindDialogProps>(async () => (await import('./remind-dialog')).RemindDialog)

/** Beside the send button, once there is something to send. */
export function SendLaterButton(part: ComposerPart) {
  if (part.text.trim() === '' || part.text.startsWith('/')) return null
  return (
    <IconButton
      size="small"
      label={m.scheduled_schedule()}
      icon={<CalendarClockIcon aria-hidden="true" />}
      onPointerDown={(event) => event.preventDefault()}
      onClick={() => openOverlay((close) => <SendLater part={part} onClose={close} />)}
    />
  )
}

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

export const LaterLink = () => (
  <SideLink
    view="later"
    icon={<CalendarClockIcon aria-hidden="true" />}
    label={m.scheduled_title()}
  />
)
