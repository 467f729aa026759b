import { createStore, type StoreApi } from 'zustand/vanilla'
import {
  after,
  type Command,
  type Happening,
  type Playback,
  type Span,
  unopened,
  within,
} from './control'

/** Who wants it: an engine must not hear its own commands again. */
export type By = 'viewer' | 'engine'

/** A film on a media element: its state, and the only way to command it. */
export interface Stage {
  store: StoreApi<Playback>
  /** Does it, if it changes anything. Where `ask` was given, a viewer's commands go there instead. */
  run(command: Command, by?: By): void
  tell(event: Happening): void
  /** Commands that were done, as they were done. Returns the way to stop listening. */
  listen(heard: (command: Command, by: By) => void): () => void
  close(): void
}

export interface StageOptions {
  /** The whole film's length in seconds, 0 where nobody knows: the element knows what is made. */
  duration: number
  /** Somebody else decides: what a viewer wants is told to them, and they run it as `engine`. */
  ask?: (command: Command) => void
}

export function createStage(media: HTMLMediaElement, options: StageOptions): Stage {
  const store = createStore<Playback>(() => ({ ...unopened, duration: options.duration }))
  const listeners = new Set<(command: Command, by: By) => void>()
  const tell = (event: Happening) => store.setState((playback) => after(playback, event))
  const told = Object.entries(happenings(media, options.duration))
  const hear = told.map(([name, of]) => {
    const listener = () => {
      for (const event of of()) tell(event)
    }
    media.addEventListener(name, listener)
    return () => media.removeEventListener(name, listener)
  })
  return {
    store,
    tell,
    run: (wanted, by = 'viewer') => {
      const command = within(store.getState(), wanted)
      if (command === null) return
      if (by === 'viewer' && options.ask) {
        options.ask(command)
        return
      }
      perform(media, command)
      // The element says so only once it is there; whoever drags wants to see it at once.
      if (command.do === 'seek') tell({ type: 'time', position: command.to })
      for (const heard of listeners) heard(command, by)
    },
    listen: (heard) => {
      listeners.add(heard)
      return () => listeners.delete(heard)
    },
    close: () => {
      for (const stop of hear) stop()
      listeners.clear()
    },
  }
}

function perform(media: HTMLMediaElement, command: Command): void {
  switch (command.do) {
    case 'play':
      // Refused where the browser wants a click first: the button then still says play.
      media.play().catch(() => undefined)
      break
    case 'pause':
      media.pause()
      break
    case 'seek':
      media.currentTime = command.to
      break
    case 'rate':
      media.playbackRate = command.rate
      break
  }
}

type Told = Record<string, () => Happening[]>

/** By the element's own events. */
function happenings(media: HTMLMediaElement, known: number): Told {
  // With nothing open (a playlist is read anew) the element stands at 0, the viewer does not.
  const time = (): Happening[] =>
    media.readyState === 0 ? [] : [{ type: 'time', position: media.currentTime }]
  const length = (): Happening[] => {
    const real = Number.isFinite(media.duration) ? media.duration : 0
    return [{ type: 'length', duration: known || real }, ...loaded()]
  }
  const loaded = (): Happening[] => [
    { type: 'loaded', buffered: spansOf(media.buffered), reach: endOf(media.seekable) },
  ]
  return {
    durationchange: length,
    loadedmetadata: length,
    progress: loaded,
    timeupdate: () => [...time(), ...loaded()],
    seeking: time,
    canplay: () => [{ type: 'ready' }],
    playing: () => [{ type: 'ready' }],
    seeked: () => (media.readyState >= 3 ? [{ type: 'ready' }] : []),
    waiting: () => [{ type: 'waiting' }],
    play: () => [{ type: 'play' }],
    pause: () => [{ type: 'pause' }],
    ended: () => [{ type: 'ended' }],
    ratechange: () => [{ type: 'rate', rate: media.playbackRate }],
  }
}

const spansOf = (ranges: TimeRanges): Span[] =>
  Array.from({ length: ranges.length }, (_, index) => [ranges.start(index), ranges.end(index)])

const endOf = (ranges: TimeRanges) => (ranges.length > 0 ? ranges.end(ranges.length - 1) : 0)
