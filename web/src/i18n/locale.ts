import { type Locale, locales, overwriteGetLocale } from './paraglide/runtime.js'

let current: Locale = 'en'
overwriteGetLocale(() => current)

const rightToLeft = new Set(['ar', 'fa', 'he', 'ur'])

/** The best of our languages for a choice; `system` asks the browser's list, in its order. */
export function resolveLocale(choice: string, wanted: readonly string[]): Locale {
  for (const tag of choice === 'system' ? wanted : [choice]) {
    const language = tag.toLowerCase().split('-')[0]
    const match = locales.find((locale) => locale === language)
    if (match) return match
  }
  return 'en'
}

export function setLocale(locale: Locale): void {
  current = locale
  document.documentElement.lang = locale
  document.documentElement.dir = rightToLeft.has(locale) ? 'rtl' : 'ltr'
}

/** Read when formatting, not when importing: the language can change while the page is open. */
export const currentLocale = (): Locale => current
