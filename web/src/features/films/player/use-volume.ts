import { type RefObject, useEffect } from 'react'
import { useRemembered } from './remembered'

export interface Volume {
  /** 0 to 1. */
  volume: number
  muted: boolean
  set(volume: number): void
  toggle(): void
}

/** As loud as this person last had it; moving the slider ends the silence. */
export function useVolume(media: RefObject<HTMLMediaElement | null>): Volume {
  const volume = useRemembered((state) => state.volume)
  const muted = useRemembered((state) => state.muted)
  useEffect(() => {
    if (!media.current) return
    media.current.volume = volume
    media.current.muted = muted
  }, [media, volume, muted])
  return {
    volume,
    muted,
    set: (value) => {
      const now = Math.min(1, Math.max(0, Math.round(value * 100) / 100))
      useRemembered.setState({ volume: now, muted: now === 0 })
    },
    toggle: () =>
      useRemembered.setState((was) => ({
        muted: !was.muted,
        // Out of a silence made by the slider.
        volume: was.muted && was.volume === 0 ? 0.5 : was.volume,
      })),
  }
}
