import { expect, test } from 'vitest'
import { createEphemera } from './ephemera'
import type { Local } from './state'
import { testClock } from './testing/test-clock'

/** A room of three, of whom the server says that `here` are. */
function stage(here: string[]) {
  let state: Pick<Local, 'typing' | 'presence' | 'emojiVersion' | 'filmProgress'> = {
    typing: {},
    presence: {},
    emojiVersion: null,
    filmProgress: {},
  }
  const ephemera = createEphemera({
    read: () => state,
    write: (change) => {
      state = { ...state, ...change }
    },
    wire: {
      online: () => true,
      command: () => {
        const people = here.map((account_id) => ({ account_id, state: 'online' }))
        return Promise.resolve({ ok: true, data: { people, here: 7 } }) as never
      },
    },
    clock: testClock(),
    members: () => ['anna', 'bela', 'carl'],
  })
  return {
    ephemera,
    state: () => state,
    presence: () => state.presence,
    typing: () => state.typing,
  }
}

test('one change and many at once are heard alike', () => {
  const { ephemera, presence } = stage([])
  ephemera.heard('presence', { account_id: 'anna', state: 'online' })
  ephemera.heard('presences', {
    people: [
      { account_id: 'bela', state: 'away' },
      { account_id: 'anna', state: 'offline' },
    ],
  })
  expect(presence()).toEqual({ anna: 'offline', bela: 'away' })
})

test('who is not in the answer is not here, even if nobody told of their leaving', async () => {
  const { ephemera, presence } = stage(['bela'])
  ephemera.heard('presence', { account_id: 'anna', state: 'online' })
  await ephemera.askPresence('a room')
  expect(presence()).toEqual({ anna: 'offline', bela: 'online', carl: 'offline' })
})

test('of a crowd only those are asked about who are on the screen', async () => {
  const { ephemera, presence } = stage(['bela'])
  ephemera.heard('presence', { account_id: 'anna', state: 'online' })
  expect(await ephemera.askPresence('a room', ['bela', 'carl'])).toBe(7)
  expect(presence()).toEqual({ anna: 'online', bela: 'online', carl: 'offline' })
})

test('P5: who writes in a thread is seen there, until they said it there', () => {
  const { ephemera, typing } = stage([])
  const types = (thread: string | null) =>
    ephemera.heard('typing', { room_id: 'room', account_id: 'anna', active: true, thread })
  types(null)
  types('root')
  const anything = expect.any(Number)
  expect(typing()).toMatchObject({ room: { anna: anything }, root: { anna: anything } })
  ephemera.spoke('root', 'anna')
  expect(typing()).toEqual({ room: { anna: anything }, root: {} })
})

test('of a film that is being made what was told last counts, until nobody can tell', () => {
  const { ephemera, state } = stage([])
  const told = { room_id: 'r', file_id: 'f', rung: '360p', percent: 10, speed: 2, seconds_left: 9 }
  ephemera.heard('film.progress', told)
  ephemera.heard('film.progress', { ...told, percent: 20 })
  ephemera.heard('film.progress', { ...told, file_id: 'g' })
  expect(Object.values(state().filmProgress).map(({ percent }) => percent)).toEqual([20, 10])
  ephemera.forget()
  expect(state().filmProgress).toEqual({})
})
