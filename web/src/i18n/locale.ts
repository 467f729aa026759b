import { type Locale, locales, overwriteGetLocale } from './paraglide/runtime.js'

let current: Locale = 'en'
let currentTag = 'en'
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

export function setLocale(locale: Locale, wanted: readonly string[] = []): void {
  current = locale
  currentTag = formatTag(locale, wanted)
  document.documentElement.lang = locale
  document.documentElement.dir = rightToLeft.has(locale) ? 'rtl' : 'ltr'
}

/**
 * How this person's system writes dates and numbers in our language: `en-GB` has 24 hours where
 * plain `en` has AM and PM. `wanted` is the browser's list.
 */
export function formatTag(locale: Locale, wanted: readonly string[]): string {
  const own = wanted.find((tag) => tag.toLowerCase().split('-')[0] === locale)
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(own ?? locale)[0] ?? locale
  } catch {
    // Some browsers are started with tags that are none, such as `en-US@posix`.
    return locale
  }
}

/** For Intl. Read when formatting, not when importing: the language can change while the page is open. */
export const currentFormatTag = (): string => currentTag
