import { ContactRoundIcon } from 'lucide-react'
import { m } from '@/i18n/paraglide/messages.js'
import { useSync } from '@/sync/react'
import { SideLink } from '@/ui/SideLink'

/** My contacts; the badge counts who asks me. */
export function ContactsLink() {
  const count = useSync(
    (state) => state.own.circle.contacts.filter((one) => one.state === 'incoming').length,
  )
  return (
    <SideLink
      view="contacts"
      icon={<ContactRoundIcon aria-hidden="true" />}
      label={m.people_contacts()}
      count={count}
    />
  )
}
