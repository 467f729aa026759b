import { useEffect } from 'react'
import { findShortcut, useShortcuts } from '@/lib/shortcuts'

/** The one keydown handler behind every registered shortcut. */
export function useShortcutListener(): void {
  useEffect(() => {
    const heard = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return
      const dialogOpen = document.querySelector('dialog[open]') !== null
      const found = findShortcut(event, useShortcuts.getState().list, dialogOpen)
      if (found?.run && found.run(event) !== false) event.preventDefault()
    }
    addEventListener('keydown', heard)
    return () => removeEventListener('keydown', heard)
  }, [])
}
