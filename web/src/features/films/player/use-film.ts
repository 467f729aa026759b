import { type RefObject, useEffect, useState } from 'react'
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { Command, Playback } from './control'
import { openSource, type Qualities, type Source } from './source'
import { createStage, type Stage } from './stage'

export interface OpenFilm {
  stage: Stage
  /** Null until the player's library has come. */
  source: Source | null
}

export interface FilmOptions {
  url: string
  /** In seconds. */
  duration: number
  /** Begin at once: somebody pressed play. */
  plays: boolean
  ask?: (command: Command) => void
}

/** Opens a film or a recording on the element while the component lives. */
export function useFilm(
  media: RefObject<HTMLMediaElement | null>,
  { url, duration, plays, ask }: FilmOptions,
): OpenFilm | null {
  const [film, setFilm] = useState<OpenFilm | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: what it began with; a film has one length
  useEffect(() => {
    const element = media.current
    if (!element) return
    const stage = createStage(element, { duration, ...(ask && { ask }) })
    let source: Source | null = null
    let closed = false
    setFilm({ stage, source })
    const open = async () => {
      try {
        source = await openSource(element, url, stage.tell)
      } catch {
        if (!closed) stage.tell({ type: 'failed', trouble: 'away' })
        return
      }
      if (closed) return source.close()
      setFilm({ stage, source })
      if (plays) stage.run({ do: 'play' })
    }
    void open()
    return () => {
      closed = true
      stage.close()
      source?.close()
      setFilm(null)
    }
  }, [media, url])
  return film
}

export const usePlayback = <Picked>(stage: Stage, pick: (playback: Playback) => Picked): Picked =>
  useStore(stage.store, pick)

const none = createStore<Qualities>(() => ({ heights: [], chosen: null, playing: null }))

export const useQualities = (source: Source | null): Qualities =>
  useStore(source?.qualities ?? none)
