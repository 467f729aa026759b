import { BookmarkIcon, BookmarkXIcon } from 'lucide-react'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { http } from '@/lib/http'
import type { ManyAction, RowAction, RowPart } from '@/lib/row-parts'
import { toast } from '@/ui/toasts'

export async function setStar(roomId: string, messageId: string, starred: boolean): Promise<void> {
  try {
    await http(starred ? 'PUT' : 'DELETE', `rooms/${roomId}/messages/${messageId}/star`)
  } catch (refusal) {
    toast(errorText(refusal), { tone: 'danger' })
  }
}

/** Of those chosen the ones that are not saved yet. */
export const starMany = (): ManyAction => ({
  id: 'star',
  label: m.stars_star(),
  icon: <BookmarkIcon aria-hidden="true" className="size-4" />,
  fits: (message) => !message.starred,
  run: async (messages) => {
    for (const message of messages) await setStar(message.room_id, message.id, true)
  },
})

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
