import { expect, it } from 'vitest'
import { after, type Happening, type Playback, unopened, within } from './control'

const play = (...events: Happening[]): Playback => events.reduce(after, unopened)

it('keeps a seek within the film, and within what is made of it', () => {
  const whole = play(
    { type: 'length', duration: 100 },
    { type: 'loaded', buffered: [], reach: 100 },
  )
  expect(within(whole, { do: 'seek', to: 250 })).toEqual({ do: 'seek', to: 100 })
  expect(within(whole, { do: 'seek', to: -5 })).toEqual({ do: 'seek', to: 0 })
  const half = after(whole, { type: 'loaded', buffered: [[0, 20]], reach: 40 })
  expect(within(half, { do: 'seek', to: 90 })).toEqual({ do: 'seek', to: 40 })
})

it('passes over commands that change nothing', () => {
  expect(within(unopened, { do: 'pause' })).toBeNull()
  expect(within(unopened, { do: 'rate', rate: 1 })).toBeNull()
  const playing = play({ type: 'play' })
  expect(within(playing, { do: 'play' })).toBeNull()
  expect(within(playing, { do: 'pause' })).toEqual({ do: 'pause' })
})

it('keeps a rate where somebody may still follow', () => {
  expect(within(unopened, { do: 'rate', rate: 16 })).toEqual({ do: 'rate', rate: 4 })
})

it('waits only for what it has begun, and never out of a failure', () => {
  expect(play({ type: 'waiting' }).phase).toBe('loading')
  expect(play({ type: 'ready' }, { type: 'waiting' }).phase).toBe('waiting')
  const failed = play({ type: 'ready' }, { type: 'failed', trouble: 'away' })
  expect(failed).toMatchObject({ phase: 'failed', paused: true, trouble: 'away' })
  expect(after(failed, { type: 'ready' }).phase).toBe('failed')
  expect(after(failed, { type: 'opening' })).toMatchObject({ phase: 'loading', trouble: null })
})

it('leaves its end when somebody goes back or plays again', () => {
  const ended = play({ type: 'time', position: 10 }, { type: 'ended' })
  expect(ended).toMatchObject({ phase: 'ended', paused: true })
  expect(after(ended, { type: 'time', position: 3 }).phase).toBe('ready')
  expect(after(ended, { type: 'play' }).phase).toBe('ready')
})
