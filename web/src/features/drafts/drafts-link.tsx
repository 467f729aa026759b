import { PencilLineIcon } from 'lucide-react'
import { m } from '@/i18n/paraglide/messages.js'
import { useSync } from '@/sync/react'
import { SideLink } from '@/ui/SideLink'
import { draftIds } from './all-drafts'

/** Only there while there is something half said. */
export function DraftsLink() {
  const count = useSync((state) => draftIds(state).length)
  if (count === 0) return null
  return (
    <SideLink
      view="drafts"
      icon={<PencilLineIcon aria-hidden="true" />}
      label={m.drafts_title()}
      count={count}
    />
  )
}
