import { type ReactNode, useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { useSync } from '@/sync/react'

/** N5: what somebody I blocked says in a room we share is one quiet line until I ask for it. */
export function Folded({ authorId, children }: { authorId: string; children: ReactNode }) {
  const blocked = useSync((state) =>
    state.own.circle.blocked.some((one) => one.account_id === authorId),
  )
  const [shown, setShown] = useState(false)
  if (!blocked || shown) return children
  return (
    <p className="flex items-baseline gap-2 px-4 py-1 text-small text-faint italic wide:px-5">
      {m.people_folded()}
      <button
        type="button"
        className="font-semibold text-muted not-italic underline"
        onClick={() => setShown(true)}
      >
        {m.people_show()}
      </button>
    </p>
  )
}
