import { create } from 'zustand'
import { persist } from 'zustand/middleware'

export const themes = ['system', 'light', 'dark'] as const
export const densities = ['cozy', 'compact'] as const
export const textSizes = ['small', 'normal', 'large'] as const
export const motions = ['system', 'reduced'] as const
export const localeChoices = ['system', 'en', 'es'] as const

export interface Preferences {
  theme: (typeof themes)[number]
  density: (typeof densities)[number]
  textSize: (typeof textSizes)[number]
  motion: (typeof motions)[number]
  locale: (typeof localeChoices)[number]
  /** Enter sends and Shift+Enter breaks the line; off swaps them. */
  enterSends: boolean
  /** What links lead to is shown under messages. */
  linkPreviews: boolean
  /** How fast voice messages are played. */
  voiceSpeed: 1 | 1.5 | 2
  /** Of the right panel, in CSS pixels. */
  panelWidth: number
}

/**
 * How this person likes it on this device. Kept in localStorage because public/theme.js reads it
 * before the first paint: the key and the shape `{state: Preferences}` are shared with that file.
 */
export const usePreferences = create<Preferences>()(
  persist(
    (): Preferences => ({
      theme: 'system',
      density: 'cozy',
      textSize: 'normal',
      motion: 'system',
      locale: 'system',
      enterSends: true,
      linkPreviews: true,
      voiceSpeed: 1,
      panelWidth: 352,
    }),
    { name: 'tertulia.preferences', version: 1 },
  ),
)
