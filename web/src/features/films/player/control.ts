/** From one second to another. */
export type Span = readonly [from: number, to: number]

/** What a viewer wants of a film, or an engine that keeps several viewers together. */
export type Command =
  | { do: 'play' }
  | { do: 'pause' }
  | { do: 'seek'; to: number }
  | { do: 'rate'; rate: number }

/** `went`: the film stops, and the viewer may try again. */
export type Trouble = 'away' | 'forbidden' | 'broken' | 'unplayable'

/** Where a film stands, in seconds. */
export interface Playback {
  /** `waiting`: it wants to go on and has nothing to go on with. */
  phase: 'loading' | 'ready' | 'waiting' | 'ended' | 'failed'
  paused: boolean
  position: number
  duration: number
  /** How far it is made: less than `duration` while it is still being prepared. */
  reach: number
  buffered: readonly Span[]
  rate: number
  trouble: Trouble | null
}

export const unopened: Playback = {
  phase: 'loading',
  paused: true,
  position: 0,
  duration: 0,
  reach: 0,
  buffered: [],
  rate: 1,
  trouble: null,
}

/** What happened to the film. */
export type Happening =
  | { type: 'opening' }
  | { type: 'length'; duration: number }
  | { type: 'ready' | 'play' | 'pause' | 'waiting' | 'ended' }
  | { type: 'time'; position: number }
  | { type: 'loaded'; buffered: readonly Span[]; reach: number }
  | { type: 'rate'; rate: number }
  | { type: 'failed'; trouble: Trouble }

export function after(playback: Playback, event: Happening): Playback {
  switch (event.type) {
    case 'opening':
      return { ...playback, phase: 'loading', trouble: null }
    case 'length':
      return { ...playback, duration: event.duration }
    case 'ready':
      return playback.phase === 'failed' ? playback : { ...playback, phase: 'ready' }
    case 'waiting':
      return playback.phase === 'ready' ? { ...playback, phase: 'waiting' } : playback
    case 'play':
      return { ...playback, paused: false, phase: leaveEnd(playback) }
    case 'pause':
      return { ...playback, paused: true }
    case 'ended':
      return { ...playback, paused: true, phase: 'ended' }
    case 'time':
      return {
        ...playback,
        position: event.position,
        phase: event.position < playback.position ? leaveEnd(playback) : playback.phase,
      }
    case 'loaded':
      return { ...playback, buffered: event.buffered, reach: event.reach }
    case 'rate':
      return { ...playback, rate: event.rate }
    case 'failed':
      return { ...playback, paused: true, phase: 'failed', trouble: event.trouble }
  }
}

const leaveEnd = ({ phase }: Playback) => (phase === 'ended' ? 'ready' : phase)

/** Slower or faster nobody understands a word, and browsers refuse. */
export const SLOWEST = 0.25
export const FASTEST = 4

/** A command as it can be done now: within the film, within what is made; null where it is idle. */
export function within(playback: Playback, command: Command): Command | null {
  switch (command.do) {
    case 'play':
      return playback.paused ? command : null
    case 'pause':
      return playback.paused ? null : command
    case 'seek': {
      const end = Math.min(playback.reach || playback.duration, playback.duration)
      return { do: 'seek', to: clamp(command.to, 0, Math.max(0, end)) }
    }
    case 'rate': {
      const rate = clamp(command.rate, SLOWEST, FASTEST)
      return rate === playback.rate ? null : { do: 'rate', rate }
    }
  }
}

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value))
