import { DownloadIcon, EyeOffIcon } from 'lucide-react'
import { type Section, SettingsPage } from '@/features/accounts/settings/settings-page'
import { m } from '@/i18n/paraglide/messages.js'
import { later } from '@/lib/later'
import { integrationSections } from './integration-parts'

/** What other features add to the settings, each fetched when it is opened. */
const more: readonly Section[] = [
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
  ...integrationSections,
]

export function SettingsScreen() {
  return <SettingsPage more={more} />
}
