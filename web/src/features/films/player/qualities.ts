import type { Film, FilmRung } from '@/wire/films'

/** The untouched film's own rung. */
const SOURCE = 'source'

/** As people know them: by the shorter side. */
export function qualityName({ rungs }: Film, height: number): string {
  const rung = rungs.find((one) => one.height === height)
  if (!rung) return `${height}p`
  return rung.name === SOURCE ? `${Math.min(rung.width, rung.height)}p` : rung.name
}

/** Heights that are still being made, the highest first; `known` are those that can be played. */
export function rungsToCome({ rungs }: Film, known: readonly number[]): number[] {
  const coming = pictures(rungs).filter((rung) => rung.state === 'waiting')
  return [...new Set(coming.map((rung) => rung.height))]
    .filter((height) => !known.includes(height))
    .sort((a, b) => b - a)
}

/** Something can be played that the open playlist does not know. */
export const hasNews = ({ rungs }: Film, known: readonly number[]): boolean =>
  known.length > 0 && pictures(rungs).some((rung) => isThere(rung) && !known.includes(rung.height))

const isThere = ({ state }: FilmRung) => state === 'playable' || state === 'complete'

/** Sound is no quality to choose. */
const pictures = (rungs: readonly FilmRung[]) => rungs.filter((rung) => rung.height > 0)
