import { useEffect, useMemo } from 'react'
import { browserClock } from '@/sync/ports'
import { useEngine } from '@/sync/react'
import { createTypist } from './typist'

/** Gives the function the composer calls on every change. Leaving the talk ends it. */
export function useTyping(roomId: string, thread: string | null = null): (active: boolean) => void {
  const engine = useEngine()
  const type = useMemo(
    () =>
      createTypist(browserClock, (active) =>
        engine.mutter('typing', { room_id: roomId, active, thread }),
      ),
    [engine, roomId, thread],
  )
  useEffect(() => () => type(false), [type])
  return type
}
