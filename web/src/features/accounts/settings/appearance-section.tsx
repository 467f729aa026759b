import type { ReactNode } from 'react'
import { resolveLocale } from '@/i18n/locale'
import { m } from '@/i18n/paraglide/messages.js'
import {
  densities,
  localeChoices,
  motions,
  type Preferences,
  textSizes,
  themes,
  usePreferences,
} from '@/lib/preferences'
import { Switch } from '@/ui/Checkbox'
import { ChoiceCards } from '@/ui/ChoiceCards'
import { Select } from '@/ui/Select'

const themeLabels: Record<Preferences['theme'], () => string> = {
  system: m.accounts_as_system,
  light: m.accounts_theme_light,
  dark: m.accounts_theme_dark,
}

const densityLabels: Record<Preferences['density'], () => string> = {
  cozy: m.accounts_density_cozy,
  compact: m.accounts_density_compact,
}

const sizeLabels: Record<Preferences['textSize'], () => string> = {
  small: m.accounts_size_small,
  normal: m.accounts_size_normal,
  large: m.accounts_size_large,
}

/** A language is called by its own name, so that whoever is lost can find it. */
const languageNames: Record<Exclude<Preferences['locale'], 'system'>, string> = {
  en: 'English',
  es: 'Español',
}

export function AppearanceSection() {
  const preferences = usePreferences()
  const set = (change: Partial<Preferences>) => usePreferences.setState(change)
  const ofSystem = languageNames[resolveLocale('system', navigator.languages)]
  return (
    <div className="flex flex-col gap-8">
      <p className="text-muted">{m.accounts_appearance_lead()}</p>
      <ChoiceCards
        label={m.accounts_theme()}
        value={preferences.theme}
        onChange={(theme) => set({ theme })}
        options={themes.map((value) => ({
          value,
          label: themeLabels[value](),
          picture: <ThemePicture theme={value} />,
        }))}
      />
      <ChoiceCards
        label={m.accounts_density()}
        value={preferences.density}
        onChange={(density) => set({ density })}
        options={densities.map((value) => ({
          value,
          label: densityLabels[value](),
          picture: <DensityPicture compact={value === 'compact'} />,
        }))}
      />
      <ChoiceCards
        label={m.accounts_size()}
        value={preferences.textSize}
        onChange={(textSize) => set({ textSize })}
        options={textSizes.map((value, at) => ({
          value,
          label: sizeLabels[value](),
          picture: <SizePicture step={at} />,
        }))}
      />
      <Select
        label={m.accounts_language()}
        className="max-w-xs"
        value={preferences.locale}
        onChange={(locale) => set({ locale })}
        options={localeChoices.map((value) => ({
          value,
          label:
            value === 'system' ? `${m.accounts_as_system()} (${ofSystem})` : languageNames[value],
        }))}
      />
      <div className="flex flex-col gap-2">
        <Switch
          label={m.accounts_motion()}
          hint={m.accounts_motion_hint()}
          checked={preferences.motion === 'reduced'}
          onChange={(event) => set({ motion: motions[event.target.checked ? 1 : 0] })}
        />
        <Switch
          label={m.accounts_previews()}
          hint={m.accounts_previews_hint()}
          checked={preferences.linkPreviews}
          onChange={(event) => set({ linkPreviews: event.target.checked })}
        />
        <Switch
          label={m.accounts_enter_sends()}
          hint={m.accounts_enter_sends_hint()}
          checked={preferences.enterSends}
          onChange={(event) => set({ enterSends: event.target.checked })}
        />
      </div>
    </div>
  )
}

function Picture({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={`flex h-20 w-full flex-col justify-center gap-1.5 overflow-hidden rounded-small border border-line px-3 ${className ?? 'bg-paper'}`}
    >
      {children}
    </span>
  )
}

function ThemePicture({ theme }: { theme: Preferences['theme'] }) {
  if (theme === 'system') {
    return (
      <span
        aria-hidden="true"
        className="grid h-20 w-full grid-cols-2 overflow-hidden rounded-small border border-line"
      >
        <ThemeHalf scheme="light" />
        <ThemeHalf scheme="dark" />
      </span>
    )
  }
  return (
    <span
      aria-hidden="true"
      className="grid h-20 w-full overflow-hidden rounded-small border border-line"
    >
      <ThemeHalf scheme={theme} />
    </span>
  )
}

/** A pocket of the other theme: light-dark() follows the nearest color-scheme. */
function ThemeHalf({ scheme }: { scheme: 'light' | 'dark' }) {
  return (
    <span
      className={`tokens-again flex flex-col justify-center gap-1.5 bg-paper px-3 ${scheme === 'dark' ? 'scheme-only-dark' : 'scheme-only-light'}`}
    >
      <span className="h-1.5 w-3/4 rounded-full bg-ink" />
      <span className="h-1.5 w-1/2 rounded-full bg-muted" />
      <span className="h-3 w-2/5 rounded-full bg-accent" />
    </span>
  )
}

function DensityPicture({ compact }: { compact: boolean }) {
  return (
    <Picture className={compact ? 'gap-0.5 bg-paper' : 'gap-2 bg-paper'}>
      {['w-3/4', 'w-1/2', 'w-2/3'].map((width) => (
        <span key={width} className="flex items-center gap-1.5">
          <span className={`rounded-full bg-pressed ${compact ? 'size-3' : 'size-4'}`} />
          <span className={`h-1.5 rounded-full bg-line-strong ${width}`} />
        </span>
      ))}
    </Picture>
  )
}

const sizeClasses = ['text-small', 'text-lead', 'text-title']

function SizePicture({ step }: { step: number }) {
  return (
    <Picture>
      <span className={`text-center font-serif ${sizeClasses[step] ?? ''}`}>
        {m.accounts_size_sample()}
      </span>
    </Picture>
  )
}
