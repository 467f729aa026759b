import { m } from '@/i18n/paraglide/messages.js'
import type { ComposerPart } from '@/lib/composer-parts'
import { toast } from '@/ui/toasts'
import { schedule } from './api'
import { myZone, whenText } from './times'
import { WhenDialog } from './when-dialog'

export interface SendLaterDialogProps {
  part: ComposerPart
  onClose: () => void
}

/** The words leave the composer once the server has them. */
export function SendLaterDialog({ part, onClose }: SendLaterDialogProps) {
  return (
    <WhenDialog
      title={m.scheduled_dialog()}
      confirm={m.scheduled_confirm()}
      onClose={onClose}
      onChoose={async (at) => {
        const { text, replyTo, threadId } = part
        await schedule(part.roomId, { text: text.trim(), reply_to: replyTo, thread: threadId }, at)
        part.replace('')
        toast(m.scheduled_done({ time: whenText(at.toISOString(), myZone()) }))
      }}
    />
  )
}
