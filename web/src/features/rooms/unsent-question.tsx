import { useEffect, useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { later } from '@/lib/later'
import { beforeSignOut } from '@/lib/leaving'
import { useEngine } from '@/sync/react'

const AlertDialog = later(async () => (await import('@/ui/AlertDialog')).AlertDialog)

interface Asked {
  count: number
  answer: (yes: boolean) => void
}

/** Signing out leaves nothing behind: words that were not sent yet would be lost with the rest. */
export function UnsentQuestion() {
  const engine = useEngine()
  const [asked, setAsked] = useState<Asked | null>(null)
  useEffect(
    () =>
      beforeSignOut(() => {
        const count = engine.store.getState().outbox.filter((one) => one.state !== 'sent').length
        if (count === 0) return Promise.resolve(true)
        return new Promise((answer) => setAsked({ count, answer }))
      }),
    [engine],
  )
  if (!asked) return null
  const close = (yes: boolean) => {
    setAsked(null)
    asked.answer(yes)
  }
  return (
    <AlertDialog
      title={m.rooms_unsent_title()}
      description={m.rooms_unsent_text({ count: asked.count })}
      action={m.rooms_unsent_action()}
      onConfirm={() => close(true)}
      onClose={() => close(false)}
    />
  )
}
