import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { cx } from '@/lib/class-names'
import { contentUrl } from '@/lib/files'
import { useSounding } from '@/lib/sounding'
import type { Film } from '@/wire/films'
import { Captions } from './captions'
import type { Command } from './control'
import { Controls } from './controls'
import { Middle, Reach } from './middle'
import { useNote } from './note'
import { ScrubBar } from './scrub-bar'
import { SettingsPanel } from './settings-panel'
import { type Tile, tilesOf } from './storyboard'
import { Surface } from './surface'
import { type OpenFilm, useFilm, usePlayback } from './use-film'
import { useIdle } from './use-idle'
import { pressKey, skip } from './use-keys'
import { useMediaSession } from './use-media-session'
import { useNewRungs } from './use-new-rungs'
import { useScreen } from './use-screen'
import { useText } from './use-text'
import { useTrack } from './use-track'
import { useVolume } from './use-volume'

export interface FilmPlayerProps {
  roomId: string
  film: Film
  /** The file's name. */
  name: string
  /** Who sent it. */
  artist: string
  poster: string | null
  /** To add subtitles and take them away; null for those who may not. */
  manage: ReactNode
  /** Somebody else decides: what a viewer wants goes to them. */
  ask?: (command: Command) => void
  /** Once it is open, for whoever drives it. */
  onOpen?: (film: OpenFilm | null) => void
}

/** A film that begins at once; as large as the box around it. */
export function FilmPlayer(props: FilmPlayerProps) {
  const [times, setTimes] = useState(0)
  return <Player key={times} {...props} restart={() => setTimes((count) => count + 1)} />
}

type PlayerProps = FilmPlayerProps & { restart: () => void }

function Player(props: PlayerProps) {
  const { roomId, film, name, poster, ask, onOpen } = props
  const root = useRef<HTMLElement>(null)
  const media = useRef<HTMLVideoElement>(null)
  const url = contentUrl(roomId, film.file_id, 'hls/master.m3u8')
  const duration = film.duration_ms / 1000
  const open = useFilm(media, { url, duration, plays: true, ...(ask && { ask }) })
  useSounding(media)
  useEffect(() => onOpen?.(open), [onOpen, open])
  return (
    <section
      ref={root}
      aria-label={m.films_player({ name })}
      // A film is a dark place by day as well.
      className={cx(
        'tokens-again absolute inset-0 m-0 size-full max-h-none max-w-none overflow-hidden border-0 bg-[oklch(0.14_0.01_55)] p-0 text-ink scheme-dark',
        '[container-type:size] [&[popover]]:fixed [&[popover]]:h-dvh',
      )}
    >
      <video
        ref={media}
        className="size-full object-contain"
        playsInline
        preload="auto"
        {...(poster && { poster })}
      />
      {open && <Over {...props} {...open} root={root} media={media} />}
    </section>
  )
}

type OverProps = PlayerProps &
  OpenFilm & { root: RefObject<HTMLElement | null>; media: RefObject<HTMLVideoElement | null> }

/** What lies over the picture, and the keys. */
function Over(props: OverProps) {
  const { roomId, film, name, artist, poster, manage, restart, stage, source, root, media } = props
  const over = useRef<HTMLDivElement>(null)
  const [panel, setPanel] = useState(false)
  const [held, setHeld] = useState(false)
  const volume = useVolume(media)
  const screen = useScreen(root, media)
  const { track, choose, toggle } = useTrack(film)
  const { note, shown } = useNote()
  const paused = usePlayback(stage, (playback) => playback.paused)
  const { idle, stir, rest } = useIdle(paused || panel || held)
  const tiles = useTiles(roomId, film)
  useMediaSession(stage, { title: name, artist, poster })
  useNewRungs({ stage, source }, film)
  useEffect(() => over.current?.focus({ preventScroll: true }), [])
  const closePanel = () => {
    setPanel(false)
    return panel
  }
  const toggleCaptions = () => film.subtitles.length > 0 && toggle()
  const hands = { stage, volume, screen, toggleCaptions, closePanel, note }
  const url = (path: string) => contentUrl(roomId, film.file_id, path)
  const bar = (
    <ScrubBar stage={stage} tiles={tiles} sheetUrl={(one) => url(`hls/${one}`)} hold={setHeld} />
  )
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys for all that has a button as well
    <div
      ref={over}
      tabIndex={-1}
      dir="ltr"
      className={cx('absolute inset-0 outline-none', idle && 'cursor-none')}
      onKeyDown={(event) => {
        stir()
        pressKey(event, hands)
      }}
      onFocus={stir}
      onPointerMove={(event) => event.pointerType === 'mouse' && stir()}
      onPointerLeave={(event) => event.pointerType === 'mouse' && rest()}
    >
      <Surface
        toggle={() => !closePanel() && stage.run({ do: paused ? 'play' : 'pause' })}
        full={screen.toggleFull}
        touched={() => !closePanel() && (idle ? stir() : rest())}
        skip={(seconds) => skip(hands, seconds)}
      />
      {track && (
        <Captions
          stage={stage}
          media={media}
          fileId={film.file_id}
          url={url(`hls/subtitles/${track.id}.vtt`)}
          language={track.language}
          lifted={!idle}
        />
      )}
      <Middle
        stage={stage}
        source={source}
        film={film}
        originalUrl={url('original')}
        restart={restart}
      />
      <Reach stage={stage} film={film} />
      {shown}
      <Controls
        stage={stage}
        volume={volume}
        screen={screen}
        captions={film.subtitles.length > 0 ? { shown: track !== null, toggle } : null}
        settings={{
          open: panel,
          toggle: () => setPanel((was) => !was),
          panel: panel && (
            <SettingsPanel
              height={root.current?.clientHeight ?? 0}
              close={() => setPanel(false)}
              stage={stage}
              source={source}
              film={film}
              track={track}
              chooseTrack={choose}
              manage={manage}
            />
          ),
        }}
        bar={bar}
        hidden={idle}
      />
    </div>
  )
}

const none: readonly Tile[] = []

const useTiles = (roomId: string, film: Film) =>
  useText(
    film.storyboard ? contentUrl(roomId, film.file_id, 'hls/storyboard.vtt') : null,
    tilesOf,
  ) ?? none
