import { create } from 'zustand'
import { persist } from 'zustand/middleware'

export const captionSizes = ['small', 'normal', 'large'] as const
export type CaptionSize = (typeof captionSizes)[number]

/** How this person likes films on this device. */
interface Remembered {
  volume: number
  muted: boolean
  /** A language (BCP 47) in which subtitles are wanted; null for none. */
  subtitles: string | null
  captionSize: CaptionSize
  /** By file, the newest last: how many seconds its subtitles come later. */
  offsets: readonly (readonly [fileId: string, seconds: number])[]
}

const OFFSETS_KEPT = 50

export const useRemembered = create<Remembered>()(
  persist(
    (): Remembered => ({
      volume: 1,
      muted: false,
      subtitles: null,
      captionSize: 'normal',
      offsets: [],
    }),
    { name: 'tertulia.player', version: 1 },
  ),
)

export const offsetOf = (offsets: Remembered['offsets'], fileId: string): number =>
  offsets.find(([id]) => id === fileId)?.[1] ?? 0

/** Rounded to a tenth of a second, at most a minute either way. */
export function withOffset(
  offsets: Remembered['offsets'],
  fileId: string,
  seconds: number,
): Remembered['offsets'] {
  const rounded = Math.round(Math.min(60, Math.max(-60, seconds)) * 10) / 10
  const others = offsets.filter(([id]) => id !== fileId)
  if (rounded === 0) return others
  return [...others, [fileId, rounded] as const].slice(-OFFSETS_KEPT)
}
