import { formatNumber } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import type { File } from '@/wire/files'
import type { Film, FilmProgress } from '@/wire/films'

/** Why a film cannot be watched yet, not at all, or not at its best. */
export interface StateLine {
  tone: 'busy' | 'bad'
  text: string
  /** 0 to 1, where it is known. */
  part: number | null
}

type Looked = Pick<File, 'state'>

/** Null where there is nothing to say: it is simply to be played. */
export function stateLine(
  file: Looked,
  film: Film | null,
  progress: FilmProgress | undefined,
): StateLine | null {
  if (file.state === 'infected') return bad(m.films_infected())
  if (file.state === 'failed') return bad(m.films_unreadable())
  if (file.state === 'checking') return busy(m.films_checking())
  if (film === null) return busy(m.films_queued())
  if (film.state === 'failed') return bad(troubles[film.why ?? 'stopped']())
  if (film.state === 'complete') return null
  if (film.state === 'playable') {
    if (!progress) return null
    return busy(m.films_more_follows({ percent: percent(progress) }), progress)
  }
  if (!progress) return busy(m.films_queued())
  const parts = [m.films_preparing({ percent: percent(progress) })]
  if (progress.speed > 0) {
    const speed = formatNumber(progress.speed, { maximumSignificantDigits: 2 })
    parts.push(m.films_preparing_speed({ speed }))
    parts.push(m.films_preparing_left({ time: timeLeft(progress.seconds_left) }))
  }
  return busy(parts.join(' · '), progress)
}

const bad = (text: string): StateLine => ({ tone: 'bad', text, part: null })

const busy = (text: string, progress?: FilmProgress): StateLine => ({
  tone: 'busy',
  text,
  part: progress ? progress.percent / 100 : null,
})

const percent = (progress: FilmProgress) =>
  formatNumber(progress.percent / 100, { style: 'percent' })

/** In one unit: nobody waits by the second for an hour. */
export function timeLeft(seconds: number): string {
  const unit = seconds < 60 ? 'second' : seconds < 3600 ? 'minute' : 'hour'
  const value = { second: seconds, minute: seconds / 60, hour: seconds / 3600 }[unit]
  return formatNumber(Math.max(1, value), {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: unit === 'hour' ? 1 : 0,
  })
}

const troubles: Record<NonNullable<Film['why']>, () => string> = {
  unreadable: m.films_why_unreadable,
  too_large: m.films_why_too_large,
  too_long: m.films_why_too_long,
  stopped: m.films_why_stopped,
}
