import { useState } from 'react'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import type { ComposerPart } from '@/lib/composer-parts'
import { http } from '@/lib/http'
import { Button } from '@/ui/Button'
import { toast } from '@/ui/toasts'
import { outsiderIn, useOutsiders } from './outsiders'

/** Over the composer: somebody named is not in this room, and may be brought in. */
export function OutsiderHint({ roomId, text }: ComposerPart) {
  const one = useOutsiders((state) => outsiderIn(text, state.byRoom[roomId]))
  const [busy, setBusy] = useState(false)
  if (!one) return null
  const add = async () => {
    setBusy(true)
    try {
      await http('POST', `rooms/${roomId}/members`, { body: { account_ids: [one.id] } })
      useOutsiders.getState().leave(roomId, one.username)
      toast(m.mentions_added({ name: one.display_name }))
    } catch (refusal) {
      toast(errorText(refusal), { tone: 'danger' })
    }
    setBusy(false)
  }
  return (
    <p role="status" className="mb-1.5 flex items-center gap-2 px-2 text-small text-muted">
      <span className="min-w-0" dir="auto">
        {m.mentions_offer({ name: one.display_name })}
      </span>
      <Button size="small" busy={busy} onClick={() => void add()}>
        {m.mentions_add()}
      </Button>
    </p>
  )
}
