import { useEffect, useMemo } from 'react'
import { browserClock } from '@/sync/ports'
import { useEngine } from '@/sync/react'
import { createTypist } from './typist'

/** Gives the function the composer calls on every change. Leaving the room ends it. */
export function useTyping(roomId: string): (active: boolean) => void {
  const engine = useEngine()
  const type = useMemo(
    () =>
      createTypist(browserClock, (active) => engine.mutter('typing', { room_id: roomId, active })),
    [engine, roomId],
  )
  useEffect(() => () => type(false), [type])
  return type
}
