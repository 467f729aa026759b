/** Of the last few seconds: what was long ago says nothing of how long it still takes. */
const MEMORY_MS = 4_000
const LEAST_MS = 400

export interface Speedometer {
  /** `sent` bytes in all have gone, at `now`; gives bytes a second, null until that can be told. */
  at(now: number, sent: number): number | null
}

export function speedometer(): Speedometer {
  const seen: { now: number; sent: number }[] = []
  return {
    at(now, sent) {
      const last = seen.at(-1)
      // A new attempt may begin behind the old one.
      if (last && sent < last.sent) seen.length = 0
      seen.push({ now, sent })
      while (seen.length > 2 && now - (seen[1]?.now ?? now) >= MEMORY_MS) seen.shift()
      const first = seen[0]
      if (!first || now - first.now < LEAST_MS) return null
      return ((sent - first.sent) * 1000) / (now - first.now)
    },
  }
}
