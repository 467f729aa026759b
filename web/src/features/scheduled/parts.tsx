import { CalendarClockIcon } from 'lucide-react'
import { m } from '@/i18n/paraglide/messages.js'
import { SideLink } from '@/ui/SideLink'

export const LaterLink = () => (
  <SideLink
    view="later"
    icon={<CalendarClockIcon aria-hidden="true" />}
    label={m.scheduled_title()}
  />
)
