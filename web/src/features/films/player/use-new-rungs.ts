import { useEffect } from 'react'
import type { Film } from '@/wire/films'
import { hasNews } from './qualities'
import { type OpenFilm, usePlayback, useQualities } from './use-film'

/**
 * A quality that came after the film was opened stands in a playlist that is read only once. It is
 * read again when that disturbs nobody: while the film stands still.
 */
export function useNewRungs({ stage, source }: OpenFilm, film: Film): void {
  const { heights } = useQualities(source)
  const paused = usePlayback(stage, (playback) => playback.paused)
  const news = hasNews(film, heights)
  useEffect(() => {
    if (news && paused) source?.renew()
  }, [news, paused, source])
}
