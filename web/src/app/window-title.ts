import { useEffect } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { useAttention } from '@/lib/attention'

/**
 * “(3) Room · Tertulia”, a dot on the favicon, a badge on the installed app. A component that draws
 * nothing, so that a new count redraws nothing.
 */
export function WindowTitle(): null {
  const { place, mentions, unread } = useAttention()
  useEffect(() => {
    document.title = windowTitle(place, mentions, m.app_name())
  }, [place, mentions])
  useEffect(() => {
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
    const wanted = mentions || unread ? '/favicon-unread.svg' : '/favicon.svg'
    if (icon && !icon.href.endsWith(wanted)) icon.href = wanted
    if ('setAppBadge' in navigator) {
      // Refused outside an installed app; nothing depends on it.
      navigator.setAppBadge(mentions).catch(() => undefined)
    }
  }, [mentions, unread])
  return null
}

export function windowTitle(place: string | null, mentions: number, app: string): string {
  return `${mentions ? `(${mentions}) ` : ''}${place ? `${place} · ` : ''}${app}`
}
