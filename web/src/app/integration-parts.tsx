import { BotIcon, WebhookIcon } from 'lucide-react'
import type { Section } from '@/features/accounts/settings/settings-page'
import { m } from '@/i18n/paraglide/messages.js'
import { later } from '@/lib/later'

/** Programs, in the settings of those who run the server. */
export const integrationSections: readonly Section[] = [
  {
    name: 'bots',
    label: m.bots_title,
    Icon: BotIcon,
    admins: true,
    Content: later(async () => (await import('@/features/integrations/bots-section')).BotsSection),
  },
  {
    name: 'webhooks',
    label: m.hooks_server,
    Icon: WebhookIcon,
    admins: true,
    Content: later(
      async () => (await import('@/features/integrations/server-webhooks')).ServerWebhooks,
    ),
  },
]
