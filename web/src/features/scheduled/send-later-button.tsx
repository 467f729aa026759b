import { CalendarClockIcon } from 'lucide-react'
import { m } from '@/i18n/paraglide/messages.js'
import type { ComposerPart } from '@/lib/composer-parts'
import { later } from '@/lib/later'
import { openOverlay } from '@/lib/overlays'
import { IconButton } from '@/ui/IconButton'
import type { SendLaterDialogProps } from './send-later-dialog'

const SendLater = later<SendLaterDialogProps>(
  async () => (await import('./send-later-dialog')).SendLaterDialog,
)

/** Beside the send button, once there is something to send. */
export function SendLaterButton(part: ComposerPart) {
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
