import { useEffect } from 'react'
import type { Stage } from './stage'

const SKIP = 10

interface Shown {
  title: string
  artist: string
  poster: string | null
}

/** Keys of the keyboard, the headset and the locked screen, and what is shown there. */
export function useMediaSession(stage: Stage, { title, artist, poster }: Shown): void {
  useEffect(() => {
    const session = navigator.mediaSession
    if (!session || typeof MediaMetadata === 'undefined') return
    const at = () => stage.store.getState().position
    const handlers: [MediaSessionAction, MediaSessionActionHandler][] = [
      ['play', () => stage.run({ do: 'play' })],
      ['pause', () => stage.run({ do: 'pause' })],
      [
        'seekbackward',
        ({ seekOffset }) => stage.run({ do: 'seek', to: at() - (seekOffset ?? SKIP) }),
      ],
      [
        'seekforward',
        ({ seekOffset }) => stage.run({ do: 'seek', to: at() + (seekOffset ?? SKIP) }),
      ],
      ['seekto', ({ seekTime }) => stage.run({ do: 'seek', to: seekTime ?? at() })],
    ]
    // Another film in the page takes it over once it plays.
    const take = () => {
      session.metadata = new MediaMetadata({
        title,
        artist,
        artwork: poster ? [{ src: new URL(poster, location.href).href }] : [],
      })
      for (const [action, run] of handlers) session.setActionHandler(action, run)
    }
    const stop = stage.store.subscribe((now, before) => {
      if (!now.paused && before.paused) take()
      if (now.duration > 0 && now.position <= now.duration) {
        session.setPositionState({
          duration: now.duration,
          position: now.position,
          playbackRate: now.rate,
        })
      }
    })
    return () => {
      stop()
      session.metadata = null
      for (const [action] of handlers) session.setActionHandler(action, null)
    }
  }, [stage, title, artist, poster])
}
