import { expect, test } from 'vitest'
import { besideAll, hold } from '@/sync/beside'
import { message } from '@/sync/testing/samples'
import type { Film } from '@/wire/films'
import type { Event } from '@/wire/sync'
import { filmsBeside } from './apply'

const beside = besideAll([filmsBeside])

const film = (file_id: string, state: Film['state']): Film => ({
  file_id,
  state,
  why: null,
  duration_ms: 1000,
  width: 320,
  height: 180,
  original: false,
  poster: false,
  storyboard: false,
  rungs: [],
  subtitles: [],
})

const told = (seq: number, type: string, data: object): Event =>
  ({ stream: 'room:green', seq, type, at: '', actor: 'bob', data }) as Event

test('a film is told whole each time, beside the others of its message', () => {
  const { id } = message(1)
  const changed = (seq: number, one: Film) =>
    told(seq, 'film.changed', { message_id: id, film: one })
  const events = [
    changed(6, film('a', 'preparing')),
    changed(7, film('b', 'failed')),
    changed(8, film('a', 'complete')),
  ]
  const held = events.reduce((now, event) => beside.apply(now, event, null), hold(message(1), 5))
  expect(held.films.map((one) => [one.file_id, one.state])).toEqual([
    ['a', 'complete'],
    ['b', 'failed'],
  ])
})

test('told late, of a message that is gone, it changes nothing', () => {
  expect(beside.of(told(6, 'film.changed', { message_id: null, film: null }))).toEqual([])
})
