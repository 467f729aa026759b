import { expect, it } from 'vitest'
import { languageIn, languages } from '../languages'
import { clock } from './clock'
import { cuesAt, cuesOf } from './cues'
import { actionOf } from './keys'
import { nextRate } from './rates'
import { offsetOf, withOffset } from './remembered'
import { tileAt, tilesOf } from './storyboard'
import { trackIn } from './use-track'

it('writes times as long as the longest of the film', () => {
  expect(clock(5)).toBe('0:05')
  expect(clock(65, 700)).toBe('01:05')
  expect(clock(65, 3600)).toBe('0:01:05')
  expect(clock(3723)).toBe('1:02:03')
  expect(clock(-1)).toBe('0:00')
})

const board = `WEBVTT

00:00:00.000 --> 00:00:10.000
storyboard-0.jpg#xywh=0,0,320,180

00:00:10.000 --> 00:00:20.000
storyboard-0.jpg#xywh=320,0,320,180

00:00:20.000 --> 00:00:25.500
storyboard-1.jpg#xywh=0,0,320,180
`

it('finds the small picture of a moment', () => {
  const tiles = tilesOf(board.replaceAll('\n', '\r\n'))
  expect(tiles).toHaveLength(3)
  expect(tileAt(tiles, 0)).toMatchObject({
    sheet: 'storyboard-0.jpg',
    x: 0,
    width: 320,
    height: 180,
  })
  expect(tileAt(tiles, 19.9)?.x).toBe(320)
  expect(tileAt(tiles, 20)?.sheet).toBe('storyboard-1.jpg')
  expect(tileAt(tiles, 900)?.sheet).toBe('storyboard-1.jpg')
  expect(tileAt([], 3)).toBeNull()
  expect(tilesOf('WEBVTT\n\n00:00.000 --> 00:01.000\nnothing')).toEqual([])
})

const words = `WEBVTT

NOTE 00:00.000 --> 00:01.000 is no cue

1
00:01.000 --> 00:03.000 line:0
<i>Far away:</i> who is <b>there</b>?
It&#39;s me &amp; you

bad
00:09.000 --> 00:08.000
never
`

it('reads subtitles with their slant and without their tags', () => {
  const cues = cuesOf(words)
  expect(cues).toHaveLength(1)
  expect(cues[0]?.lines[0]).toEqual([
    { text: 'Far away:', slanted: true },
    { text: ' who is ', slanted: false },
    { text: 'there', slanted: false },
    { text: '?', slanted: false },
  ])
  expect(cues[0]?.lines[1]).toEqual([{ text: 'It&#39;s me & you', slanted: false }])
})

it('shows them from their beginning to before their end, later for who wants it', () => {
  const cues = cuesOf(words)
  expect(cuesAt(cues, 0.9, 0)).toHaveLength(0)
  expect(cuesAt(cues, 1, 0)).toHaveLength(1)
  expect(cuesAt(cues, 3, 0)).toHaveLength(0)
  expect(cuesAt(cues, 3, 0.5)).toHaveLength(1)
  expect(cuesAt(cues, 0.6, -0.5)).toHaveLength(1)
})

it('keeps offsets by film, rounded, and none where there is none', () => {
  const one = withOffset([], 'a', 0.5)
  const two = withOffset(one, 'b', -99)
  expect(offsetOf(two, 'a')).toBe(0.5)
  expect(offsetOf(two, 'b')).toBe(-60)
  expect(offsetOf(two, 'c')).toBe(0)
  expect(withOffset(two, 'a', 0.04)).toEqual([['b', -60]])
})

const key = (name: string, more = {}) => ({
  key: name,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...more,
})

it('knows the keys of players', () => {
  expect(actionOf(key('K'), null)).toEqual({ do: 'toggle' })
  expect(actionOf(key('j'), null)).toEqual({ do: 'skip', by: -10 })
  expect(actionOf(key('ArrowRight'), null)).toEqual({ do: 'skip', by: 5 })
  expect(actionOf(key('7'), null)).toEqual({ do: 'part', of: 0.7 })
  expect(actionOf(key('>'), null)).toEqual({ do: 'faster', by: 1 })
  expect(actionOf(key('x'), null)).toBeNull()
  expect(actionOf(key('f', { ctrlKey: true }), null)).toBeNull()
})

it('leaves a slider its arrows and a button its space', () => {
  expect(actionOf(key('ArrowUp'), 'range')).toBeNull()
  expect(actionOf(key('k'), 'range')).toEqual({ do: 'toggle' })
  expect(actionOf(key(' '), 'button')).toBeNull()
  expect(actionOf(key(' '), null)).toEqual({ do: 'toggle' })
})

it('steps through speeds and stays at the ends', () => {
  expect(nextRate(1, 1)).toBe(1.25)
  expect(nextRate(1, -1)).toBe(0.75)
  expect(nextRate(2, 1)).toBe(2)
  expect(nextRate(1.1, 1)).toBe(1.25)
})

it('finds subtitles in the language somebody wants, and in its kin', () => {
  const tracks = ['de', 'en', 'en-GB'].map((language) => ({
    id: language,
    language,
    label: language,
    embedded: false,
  }))
  expect(trackIn(tracks, 'en-GB')?.id).toBe('en-GB')
  expect(trackIn(tracks, 'en-US')?.id).toBe('en')
  expect(trackIn(tracks, 'fr')).toBeNull()
  expect(trackIn(tracks, null)).toBeNull()
})

it('guesses the language of a file by its name', () => {
  const known = languages()
  expect(languageIn('The.Film.2024.es.srt', known)).toBe('es')
  expect(languageIn('film_EN.vtt', known)).toBe('en')
  expect(languageIn('es.srt', known)).toBe('es')
  expect(languageIn('film.srt', known)).toBeNull()
})
