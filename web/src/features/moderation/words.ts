import { m } from '@/i18n/paraglide/messages.js'
import type { AuditRecord, Category } from '@/wire/moderation'

export const categoryLabels: Record<Category, () => string> = {
  spam: m.life_category_spam,
  abuse: m.life_category_abuse,
  illegal: m.life_category_illegal,
  other: m.life_category_other,
}

interface Names {
  actor: string
  person: string
}

/** What somebody did, as a sentence. */
export function deed({ action, detail }: AuditRecord, { actor, person }: Names): string {
  switch (action) {
    case 'member.removed':
      return m.life_did_removed({ actor, person })
    case 'member.banned':
      return m.life_did_banned({ actor, person })
    case 'member.unbanned':
      return m.life_did_unbanned({ actor, person })
    case 'member.role_changed':
      return m.life_did_role({ actor, person, role: detail })
    case 'member.timed_out':
      return m.life_did_timed_out({ actor, person })
    case 'member.time_out_lifted':
      return m.life_did_lifted({ actor, person })
    case 'message.removed':
      return m.life_did_message({ actor, person })
    case 'report.resolved':
      return m.life_did_resolved({ actor, person })
    case 'report.dismissed':
      return m.life_did_dismissed({ actor, person })
    case 'webhook.made':
      return m.life_did_hook_made({ actor, hook: detail })
    case 'webhook.removed':
      return m.life_did_hook_removed({ actor, hook: detail })
    case 'webhook.secret_changed':
      return m.life_did_hook_secret({ actor, hook: detail })
    case 'webhook.enabled':
      return m.life_did_hook_enabled({ actor, hook: detail })
    case 'webhook.disabled':
      return hookOff(actor, detail)
    default:
      return m.life_did_room({ actor })
  }
}

/** Nobody did it: `detail` is why, and the host that it called. */
function hookOff(actor: string, detail: string): string {
  const [why, hook = ''] = detail.split(' ')
  const say = why === 'gone' ? m.life_hook_gone : m.life_hook_failing
  return say({ actor, hook })
}
