import { AtSignIcon } from 'lucide-react'
import { m } from '@/i18n/paraglide/messages.js'
import { sumOf } from '@/sync/attention'
import { useSync } from '@/sync/react'
import { SideLink } from '@/ui/SideLink'

/** What calls me and is not read yet, in rooms and in threads. */
export function MentionsLink() {
  const count = useSync((state) => sumOf(state, 'mentions'))
  return (
    <SideLink
      view="mentions"
      icon={<AtSignIcon aria-hidden="true" />}
      label={m.mentions_title()}
      count={count}
    />
  )
}
