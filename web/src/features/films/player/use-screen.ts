import { type RefObject, useEffect, useLayoutEffect, useState } from 'react'

/** Where the picture is shown. */
export interface Screen {
  isFull: boolean
  isTheatre: boolean
  canFloat: boolean
  toggleFull(): void
  toggleTheatre(): void
  float(): void
  /** Back into the page; false where it was there. */
  leave(): boolean
}

type PhoneVideo = HTMLVideoElement & { webkitEnterFullscreen?: () => void }

export function useScreen(
  root: RefObject<HTMLElement | null>,
  media: RefObject<HTMLVideoElement | null>,
): Screen {
  const [isFull, setFull] = useState(false)
  const [isTheatre, setTheatre] = useState(false)
  useEffect(() => {
    const look = () => setFull(document.fullscreenElement === root.current)
    document.addEventListener('fullscreenchange', look)
    return () => document.removeEventListener('fullscreenchange', look)
  }, [root])
  useTopLayer(root, isTheatre && !isFull)
  return {
    isFull,
    isTheatre,
    canFloat: document.pictureInPictureEnabled === true,
    toggleFull: () => {
      // What is so now: what was drawn may be a moment older.
      if (document.fullscreenElement) void document.exitFullscreen()
      else if (root.current?.requestFullscreen) void root.current.requestFullscreen()
      // On an iPhone only the picture itself may fill the screen.
      else (media.current as PhoneVideo | null)?.webkitEnterFullscreen?.()
    },
    toggleTheatre: () => setTheatre((was) => !was),
    float: () => {
      if (document.pictureInPictureElement) void document.exitPictureInPicture()
      else void media.current?.requestPictureInPicture().catch(() => undefined)
    },
    leave: () => {
      const wasTheatre = isTheatre && !isFull
      if (wasTheatre) setTheatre(false)
      return wasTheatre
    },
  }
}

/**
 * Over everything without moving in the document, which would stop the film; `fixed` alone would be
 * caught by the list, whose rows are moved by transforms.
 */
function useTopLayer(root: RefObject<HTMLElement | null>, on: boolean): void {
  useLayoutEffect(() => {
    const element = root.current
    if (!on || !element?.showPopover) return
    element.setAttribute('popover', 'manual')
    element.showPopover()
    return () => {
      element.hidePopover()
      element.removeAttribute('popover')
    }
  }, [root, on])
}
