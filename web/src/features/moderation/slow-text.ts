import { m } from '@/i18n/paraglide/messages.js'

/** "One message every 30 seconds". */
export function slowText(seconds: number): string {
  if (seconds % 3600 === 0) return m.life_slow_hours({ count: seconds / 3600 })
  if (seconds % 60 === 0) return m.life_slow_minutes({ count: seconds / 60 })
  return m.life_slow_seconds({ count: seconds })
}
