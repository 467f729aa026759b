/** "Full jitter": anything from nothing to the cap, so that a crowd cut off together spreads out. */
export function fullJitter(attempt: number, baseMs: number, capMs: number, random: number): number {
  return random * Math.min(capMs, baseMs * 2 ** Math.min(attempt, 30))
}

/** Doubling with a little jitter: a lone sender keeps its patience, but not its rhythm. */
export function doubling(attempt: number, baseMs: number, capMs: number, random: number): number {
  return Math.min(capMs, baseMs * 2 ** Math.min(attempt, 30)) * (0.75 + random / 2)
}
