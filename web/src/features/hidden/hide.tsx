import { EyeOffIcon } from 'lucide-react'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { http } from '@/lib/http'
import type { ManyAction, RowAction, RowPart } from '@/lib/row-parts'
import { toast } from '@/ui/toasts'

type Place = Pick<RowPart['message'], 'room_id' | 'id'>

/** Deletes these for me, or brings them back; says so, and how to undo it. */
export async function setHidden(messages: readonly Place[], hidden: boolean): Promise<void> {
  const done: Place[] = []
  try {
    for (const message of messages) {
      await setOne(message, hidden)
      done.push(message)
    }
  } catch (refusal) {
    toast(errorText(refusal), { tone: 'danger' })
  }
  if (!hidden || done.length === 0) return
  toast(m.hidden_done_many({ count: done.length }), {
    action: { label: m.ui_undo(), run: () => void setHidden(done, false) },
  })
}

const setOne = ({ room_id, id }: Place, hidden: boolean) =>
  http(hidden ? 'PUT' : 'DELETE', `rooms/${room_id}/messages/${id}/hidden`)

export const hideActions = ({ message }: RowPart): readonly RowAction[] => [
  {
    id: 'hide',
    label: m.hidden_hide(),
    icon: <EyeOffIcon aria-hidden="true" />,
    danger: true,
    run: () => void setHidden([message], true),
  },
]

export const hideMany = (): ManyAction => ({
  id: 'hide',
  label: m.hidden_hide(),
  icon: <EyeOffIcon aria-hidden="true" className="size-4" />,
  danger: true,
  fits: () => true,
  run: (messages) => void setHidden(messages, true),
})
