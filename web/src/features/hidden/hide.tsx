import { EyeOffIcon } from 'lucide-react'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { http } from '@/lib/http'
import type { RowAction, RowPart } from '@/lib/row-parts'
import { toast } from '@/ui/toasts'

async function setHidden(roomId: string, messageId: string, hidden: boolean): Promise<void> {
  try {
    await http(hidden ? 'PUT' : 'DELETE', `rooms/${roomId}/messages/${messageId}/hidden`)
    if (!hidden) return
    toast(m.hidden_done(), {
      action: { label: m.ui_undo(), run: () => void setHidden(roomId, messageId, false) },
    })
  } catch (refusal) {
    toast(errorText(refusal), { tone: 'danger' })
  }
}

export const hideActions = ({ message }: RowPart): readonly RowAction[] => [
  {
    id: 'hide',
    label: m.hidden_hide(),
    icon: <EyeOffIcon aria-hidden="true" />,
    danger: true,
    run: () => void setHidden(message.room_id, message.id, true),
  },
]
