import { BellIcon, DownloadIcon, EyeOffIcon } from 'lucide-react'
import { type Section, SettingsPage } from '@/features/accounts/settings/settings-page'
import { m } from '@/i18n/paraglide/messages.js'
import { later } from '@/lib/later'
import { adminSections } from './admin-parts'
import { integrationSections } from './integration-parts'

/** What other features add to the settings, each fetched when it is opened. */
const more: readonly Section[] = [
  {
    name: 'notifications',
    label: m.admin_notify,
    Icon: BellIcon,
    Content: later(async () => (await import('@/features/rooms/notify-section')).NotifySection),
  },
  {
    name: 'privacy',
    label: m.people_privacy,
    Icon: EyeOffIcon,
    Content: later(async () => (await import('@/features/people/privacy-section')).PrivacySection),
  },
  {
    name: 'export',
    label: m.exporting_account,
    Icon: DownloadIcon,
    Content: later(async () => (await import('@/features/exporting/account-export')).AccountExport),
  },
  ...adminSections,
  ...integrationSections,
]

export function SettingsScreen() {
  return <SettingsPage more={more} />
}
