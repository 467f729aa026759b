import { type RefObject, useEffect } from 'react'

const SOUNDS = 'tertulia:sounds'

/** Only one thing sounds at a time: this element is paused when another one that asks so starts. */
export function useSounding(media: RefObject<HTMLMediaElement | null>): void {
  useEffect(() => {
    if (media.current) return sounding(media.current)
  }, [media])
}

/** The same for an element that no component draws. Returns the way to stop it. */
export function sounding(element: HTMLMediaElement): () => void {
  const tell = () => dispatchEvent(new CustomEvent(SOUNDS, { detail: element }))
  const hush = (event: Event) => {
    if (event instanceof CustomEvent && event.detail !== element) element.pause()
  }
  element.addEventListener('play', tell)
  addEventListener(SOUNDS, hush)
  return () => {
    element.removeEventListener('play', tell)
    removeEventListener(SOUNDS, hush)
  }
}
