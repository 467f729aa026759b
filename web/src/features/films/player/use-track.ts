import { useState } from 'react'
import type { Film, FilmSubtitle } from '@/wire/films'
import { useRemembered } from './remembered'

export interface TrackChoice {
  track: FilmSubtitle | null
  choose: (track: FilmSubtitle | null) => void
  /** Off, or on in the language last wanted. */
  toggle: () => void
}

/** The subtitles this person sees: what they chose here, else in the language they last chose. */
export function useTrack({ subtitles }: Film): TrackChoice {
  const wanted = useRemembered((state) => state.subtitles)
  const [chosen, setChosen] = useState<string | null>(null)
  const track = subtitles.find((one) => one.id === chosen) ?? trackIn(subtitles, wanted)
  const choose = (one: FilmSubtitle | null) => {
    setChosen(one?.id ?? null)
    useRemembered.setState({ subtitles: one?.language ?? null })
  }
  return {
    track,
    choose,
    toggle: () =>
      choose(track ? null : (trackIn(subtitles, navigator.language) ?? subtitles[0] ?? null)),
  }
}

/** `en-GB` is content with `en`, and `en` with `en-GB`. */
export function trackIn(
  tracks: readonly FilmSubtitle[],
  language: string | null,
): FilmSubtitle | null {
  if (language === null) return null
  const base = (tag: string) => tag.toLowerCase().split('-')[0]
  return (
    tracks.find((track) => track.language.toLowerCase() === language.toLowerCase()) ??
    tracks.find((track) => base(track.language) === base(language)) ??
    null
  )
}
