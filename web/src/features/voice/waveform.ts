/** Steps of a wave on the wire, at most. */
export const STEPS = 128

/** Loudness from 0 to 100 of samples between -1 and 1, as ears would have it: by decibels. */
export function loudness(samples: ArrayLike<number>): number {
  let squares = 0
  for (let at = 0; at < samples.length; at++) squares += (samples[at] ?? 0) ** 2
  const rms = Math.sqrt(squares / Math.max(1, samples.length))
  if (rms === 0) return 0
  const decibels = 20 * Math.log10(rms)
  return Math.round(Math.min(100, Math.max(0, ((decibels + 50) / 45) * 100)))
}

/** The same wave in so many equal steps, or in as many as it has where those are fewer: of each its loudest. */
export function inSteps(wave: readonly number[], steps: number): number[] {
  if (wave.length <= steps) return [...wave]
  return Array.from({ length: steps }, (_, at) => {
    const from = Math.floor((at * wave.length) / steps)
    const to = Math.max(from + 1, Math.floor(((at + 1) * wave.length) / steps))
    return Math.max(...wave.slice(from, to))
  })
}

/** For drawing: exactly so many bars; a wave that nobody knows is flat. */
export function bars(wave: readonly number[], count: number): number[] {
  if (wave.length === 0) return Array.from({ length: count }, () => 0)
  if (wave.length >= count) return inSteps(wave, count)
  return Array.from({ length: count }, (_, at) => wave[Math.floor((at * wave.length) / count)] ?? 0)
}
