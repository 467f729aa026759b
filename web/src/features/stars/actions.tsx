import { BookmarkIcon, BookmarkXIcon } from 'lucide-react'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { http } from '@/lib/http'
import type { RowAction, RowPart } from '@/lib/row-parts'
import { toast } from '@/ui/toasts'

export async function setStar(roomId: string, messageId: string, starred: boolean): Promise<void> {
  try {
    await http(starred ? 'PUT' : 'DELETE', `rooms/${roomId}/messages/${messageId}/star`)
  } catch (refusal) {
    toast(errorText(refusal), { tone: 'danger' })
  }
}

export function starActions({ message }: RowPart): readonly RowAction[] {
  if (message.body.kind === 'deleted' || message.body.kind === 'system') return []
  return [
    {
      id: 'star',
      label: message.starred ? m.stars_unstar() : m.stars_star(),
      icon: message.starred ? (
        <BookmarkXIcon aria-hidden="true" />
      ) : (
        <BookmarkIcon aria-hidden="true" />
      ),
      run: () => void setStar(message.room_id, message.id, !message.starred),
      key: 's',
    },
  ]
}
