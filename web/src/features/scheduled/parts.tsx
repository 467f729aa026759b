import { CalendarClockIcon } from 'lucide-react'
import { m } from '@/i18n/paraglide/messages.js'
import { useSync } from '@/sync/react'
import { SideLink } from '@/ui/SideLink'

/** Its number is of what asks for me: what rang, and what could not be said. */
export function LaterLink() {
  const count = useSync(({ own }) => own.rung.length + own.failed.length)
  return (
    <SideLink
      view="later"
      icon={<CalendarClockIcon aria-hidden="true" />}
      label={m.scheduled_title()}
      count={count}
    />
  )
}
