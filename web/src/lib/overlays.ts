import type { ReactNode } from 'react'
import { create } from 'zustand'

/** What stands over the page and was opened from no place in it: a dialog from a menu. */
export const useOverlay = create<{ shown: ReactNode }>()(() => ({ shown: null }))

/** Opens a dialog over everything; `build` gets the way to close it. One at a time. */
export function openOverlay(build: (close: () => void) => ReactNode): void {
  useOverlay.setState({ shown: build(() => useOverlay.setState({ shown: null })) })
}
