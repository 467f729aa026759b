import { resolveLocale, setLocale } from '@/i18n/locale'
import { type Preferences, usePreferences } from '@/lib/preferences'

/** Puts the preferences on <html>, now and whenever they change. Twin of public/theme.js. */
export function keepPreferencesApplied(): () => void {
  apply(usePreferences.getState())
  return usePreferences.subscribe(apply)
}

function apply(preferences: Preferences): void {
  const { dataset } = document.documentElement
  put(dataset, 'theme', preferences.theme, 'system')
  put(dataset, 'density', preferences.density, 'cozy')
  put(dataset, 'text', preferences.textSize, 'normal')
  put(dataset, 'motion', preferences.motion, 'system')
  setLocale(resolveLocale(preferences.locale, navigator.languages), navigator.languages)
  paintBrowserFrame()
}

function put(dataset: DOMStringMap, name: string, value: string, usual: string): void {
  if (value === usual) delete dataset[name]
  else dataset[name] = value
}

/** The phone's status bar takes the colour of our paper. */
function paintBrowserFrame(): void {
  const meta = document.querySelector('meta[name="theme-color"]')
  const paper = getComputedStyle(document.documentElement).backgroundColor
  if (meta && paper) meta.setAttribute('content', paper)
}
