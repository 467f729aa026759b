import { type Section, SettingsPage } from '@/features/accounts/settings/settings-page'

/** What other features add to the settings, each fetched when it is opened. */
const more: readonly Section[] = []

export function SettingsScreen() {
  return <SettingsPage more={more} />
}
