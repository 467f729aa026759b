import { useEffect, useState } from 'react'

/** Longer waits than timers can count are waited for in steps. */
const STEP_MS = 3_600_000

/** Is this moment over? Draws again when it is; `null` never is. */
export function useOver(at: string | null): boolean {
  const [now, setNow] = useState(() => Date.now())
  const left = at === null ? null : Date.parse(at) - now
  useEffect(() => {
    if (left === null || left <= 0) return
    const timer = setTimeout(() => setNow(Date.now()), Math.min(left, STEP_MS))
    return () => clearTimeout(timer)
  }, [left])
  return left !== null && left <= 0
}
