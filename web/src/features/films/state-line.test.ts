import { expect, it } from 'vitest'
import type { Film, FilmProgress } from '@/wire/films'
import { hasNews, qualityName, rungsToCome } from './player/qualities'
import { stateLine, timeLeft } from './state-line'

const rung = (name: string, height: number, state: Film['rungs'][number]['state']) => ({
  name,
  width: (height * 16) / 9,
  height,
  state,
  bandwidth: 1_000_000,
})

const film: Film = {
  file_id: 'f',
  state: 'preparing',
  why: null,
  duration_ms: 60_000,
  width: 1920,
  height: 1080,
  original: false,
  poster: true,
  storyboard: false,
  rungs: [
    rung('360p', 360, 'playable'),
    rung('480p', 480, 'waiting'),
    rung('source', 1080, 'failed'),
  ],
  subtitles: [],
}

const progress: FilmProgress = {
  room_id: 'r',
  file_id: 'f',
  rung: '360p',
  percent: 42,
  speed: 3.1,
  seconds_left: 125,
}

it('says how far a film is and how long it takes', () => {
  expect(stateLine({ state: 'ready' }, film, progress)).toEqual({
    tone: 'busy',
    text: 'Being prepared, 42% · 3.1× speed · 2 min left',
    part: 0.42,
  })
  const unmeasured = { ...progress, speed: 0 }
  expect(stateLine({ state: 'ready' }, film, unmeasured)?.text).toBe('Being prepared, 42%')
})

it('says what it is waiting for before that', () => {
  expect(stateLine({ state: 'checking' }, null, undefined)?.text).toBe('Being checked')
  expect(stateLine({ state: 'ready' }, null, undefined)?.text).toBe('Waiting to be prepared')
})

it('is quiet about a film that is there, but for better ones to come', () => {
  expect(stateLine({ state: 'ready' }, { ...film, state: 'complete' }, progress)).toBeNull()
  const playable: Film = { ...film, state: 'playable' }
  expect(stateLine({ state: 'ready' }, playable, undefined)).toBeNull()
  expect(stateLine({ state: 'ready' }, playable, progress)?.text).toBe(
    'Higher qualities follow, 42%',
  )
})

it('gives the reason where there will be no film', () => {
  const failed: Film = { ...film, state: 'failed', why: 'too_long' }
  expect(stateLine({ state: 'ready' }, failed, progress)).toMatchObject({ tone: 'bad' })
  expect(stateLine({ state: 'ready' }, failed, undefined)?.text).toContain('too long')
  expect(stateLine({ state: 'infected' }, null, undefined)?.text).toContain('virus')
})

it('counts time in one unit', () => {
  expect([0, 45, 90, 5400].map(timeLeft)).toEqual(['1 sec', '45 sec', '2 min', '1.5 hr'])
})

it('names qualities by their rung, the untouched one by its size', () => {
  expect(qualityName(film, 360)).toBe('360p')
  expect(qualityName(film, 1080)).toBe('1080p')
  expect(rungsToCome(film, [360])).toEqual([480])
  expect(hasNews(film, [360])).toBe(false)
  const more = { ...film, rungs: [...film.rungs, rung('720p', 720, 'playable')] }
  expect(hasNews(more, [360])).toBe(true)
  expect(hasNews(more, [])).toBe(false)
})
