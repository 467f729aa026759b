import { useEffect, useRef, useState } from 'react'

const REST = 2_500

/** Whether the controls may go: nothing moved for a while and nothing holds them. */
export function useIdle(held: boolean): { idle: boolean; stir: () => void; rest: () => void } {
  const [idle, setIdle] = useState(false)
  const [stirs, setStirs] = useState(0)
  const heldNow = useRef(held)
  heldNow.current = held
  // biome-ignore lint/correctness/useExhaustiveDependencies: each stir begins the wait anew
  useEffect(() => {
    if (held) return
    const timer = setTimeout(() => setIdle(true), REST)
    return () => clearTimeout(timer)
  }, [held, stirs])
  return {
    idle: idle && !held,
    stir: () => {
      setIdle(false)
      setStirs((count) => count + 1)
    },
    rest: () => {
      if (!heldNow.current) setIdle(true)
    },
  }
}
