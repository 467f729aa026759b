import { FlagIcon, ListChecksIcon, ScrollTextIcon, UsersIcon } from 'lucide-react'
import type { Section } from '@/features/accounts/settings/settings-page'
import { m } from '@/i18n/paraglide/messages.js'
import { later } from '@/lib/later'

const reports = () => import('@/features/moderation/server-reports')

/** What who runs the server finds in the settings, each fetched when it is opened. */
export const adminSections: readonly Section[] = [
  {
    name: 'server-reports',
    label: m.life_reports,
    Icon: FlagIcon,
    Content: later(async () => (await reports()).ServerReports),
    admins: true,
  },
  {
    name: 'server-audit',
    label: m.admin_audit,
    Icon: ScrollTextIcon,
    Content: later(async () => (await reports()).ServerAudit),
    admins: true,
  },
  {
    name: 'server-groups',
    label: m.admin_groups,
    Icon: UsersIcon,
    Content: later(async () => {
      const [{ GroupsSection }, { PeoplePicker }] = await Promise.all([
        import('@/features/admin/groups-section'),
        import('@/features/rooms/people-picker'),
      ])
      return () => <GroupsSection PeoplePicker={PeoplePicker} />
    }),
    admins: true,
  },
  {
    name: 'server-jobs',
    label: m.admin_jobs,
    Icon: ListChecksIcon,
    Content: later(async () => (await import('@/features/admin/jobs-section')).JobsSection),
    admins: true,
  },
]
