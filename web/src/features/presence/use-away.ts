import { useEffect, useRef } from 'react'
import { useEngine, useSync } from '@/sync/react'

/** Nobody touched this client for so long: they may be elsewhere. */
const AWAY_AFTER_MS = 5 * 60_000

const signs = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const

/** Tells the server when nobody has touched this client for a while, and when they are back. */
export function useAway(): void {
  const engine = useEngine()
  const online = useSync((state) => state.connection === 'online')
  const away = useRef(false)
  useEffect(() => {
    if (!online) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const rest = () => {
      clearTimeout(timer)
      timer = setTimeout(() => {
        away.current = true
        engine.mutter('presence.set', { state: 'away' })
      }, AWAY_AFTER_MS)
    }
    const touched = () => {
      if (away.current) {
        away.current = false
        engine.mutter('presence.set', { state: 'online' })
      }
      rest()
    }
    // A new socket counts as somebody at it, until it says otherwise.
    if (away.current) engine.mutter('presence.set', { state: 'away' })
    else rest()
    for (const sign of signs) addEventListener(sign, touched, { passive: true })
    return () => {
      clearTimeout(timer)
      for (const sign of signs) removeEventListener(sign, touched)
    }
  }, [engine, online])
}
