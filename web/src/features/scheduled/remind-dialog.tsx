import { m } from '@/i18n/paraglide/messages.js'
import { toast } from '@/ui/toasts'
import type { Message } from '@/wire/messages'
import { remind } from './api'
import { myZone, whenText } from './times'
import { WhenDialog } from './when-dialog'

export interface RemindDialogProps {
  message: Message
  onClose: () => void
}

export function RemindDialog({ message, onClose }: RemindDialogProps) {
  return (
    <WhenDialog
      title={m.reminders_remind()}
      confirm={m.reminders_remind()}
      onClose={onClose}
      onChoose={async (at) => {
        await remind(message.room_id, message.id, at)
        toast(m.reminders_done({ time: whenText(at.toISOString(), myZone()) }))
      }}
    />
  )
}
