import { useEffect } from 'react'
import { useOwnPresence } from '@/lib/own-presence'
import { useEngine } from '@/sync/react'
import { isQuiet } from './quiet'

const LOOK_MS = 30_000

/** Keeps whether I am not to be disturbed, by what I decided and by the clock. Draws nothing. */
export function QuietWatch() {
  const { store } = useEngine()
  useEffect(() => {
    const look = () =>
      useOwnPresence.setState({ quiet: isQuiet(store.getState().own.availability, new Date()) })
    look()
    const timer = setInterval(look, LOOK_MS)
    const unsubscribe = store.subscribe((now, before) => {
      if (now.own.availability !== before.own.availability) look()
    })
    return () => {
      clearInterval(timer)
      unsubscribe()
    }
  }, [store])
  return null
}
