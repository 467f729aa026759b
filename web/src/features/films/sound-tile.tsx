import { DownloadIcon, PauseIcon, PlayIcon } from 'lucide-react'
import { type RefObject, useRef } from 'react'
import { formatNumber, formatSize } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { cx } from '@/lib/class-names'
import type { FileTile } from '@/lib/file-parts'
import { contentUrl } from '@/lib/files'
import { useSounding } from '@/lib/sounding'
import { useSync } from '@/sync/react'
import { IconButton } from '@/ui/IconButton'
import type { File } from '@/wire/files'
import type { Film } from '@/wire/films'
import { filmOf } from './film-of'
import { clock } from './player/clock'
import type { Stage } from './player/stage'
import { useFilm, usePlayback } from './player/use-film'
import { useVolume } from './player/use-volume'
import { type StateLine, stateLine } from './state-line'
import { useOpen } from './use-open'

/** A recording in its row. */
export function SoundTile({ message, file }: FileTile) {
  const film = filmOf({ message, file })
  const progress = useSync((state) => state.filmProgress[file.id])
  const [open, start] = useOpen(message.id)
  const url = soundUrl(file, film)
  const line = url ? null : stateLine(file, film, progress)
  const duration = film?.duration_ms ?? file.look?.duration_ms ?? 0
  return (
    <figure className="flex items-center gap-3 rounded-control border border-line bg-raised px-3 py-2.5">
      {open && url ? (
        <Open file={file} url={url} duration={duration} />
      ) : (
        <>
          <IconButton
            tone="accent"
            className="rounded-full!"
            label={m.films_play_film({ name: file.name })}
            disabled={url === null}
            icon={<PlayIcon aria-hidden="true" className="fill-current" />}
            onClick={start}
          />
          <div className="min-w-0 grow">
            <Name file={file} />
            <About file={file} line={line} duration={duration} />
          </div>
        </>
      )}
      {file.state === 'ready' && (
        <a
          href={contentUrl(file.room_id, file.id)}
          download={file.name}
          aria-label={m.films_download_name({ name: file.name })}
          className="grid size-(--control-small) shrink-0 place-items-center rounded-control text-muted hover:bg-hover hover:text-ink"
        >
          <DownloadIcon aria-hidden="true" className="size-5" />
        </a>
      )}
    </figure>
  )
}

/** As it is where browsers play it, else as it was made to be played. */
function soundUrl(file: File, film: Film | null): string | null {
  if (file.state !== 'ready') return null
  if (film?.original) return contentUrl(file.room_id, file.id)
  if (film?.state === 'playable' || film?.state === 'complete') {
    return contentUrl(file.room_id, file.id, 'hls/master.m3u8')
  }
  return null
}

const Name = ({ file }: { file: File }) => (
  <figcaption className="truncate font-semibold" dir="auto" title={file.name}>
    {file.name}
  </figcaption>
)

function About(props: { file: File; line: StateLine | null; duration: number }) {
  const { file, line, duration } = props
  if (line) {
    const bad = line.tone === 'bad'
    return <p className={cx('text-small', bad ? 'text-danger-ink' : 'text-muted')}>{line.text}</p>
  }
  const parts = [duration > 0 ? clock(duration / 1000) : null, formatSize(file.size)]
  return <p className="text-small text-muted tabular-nums">{parts.filter(Boolean).join(' · ')}</p>
}

function Open({ file, url, duration }: { file: File; url: string; duration: number }) {
  const media = useRef<HTMLAudioElement>(null)
  const film = useFilm(media, { url, duration: duration / 1000, plays: true })
  useSounding(media)
  return (
    <>
      {/* biome-ignore lint/a11y/useMediaCaption: what is said in a recording nobody wrote down */}
      <audio ref={media} preload="auto" />
      {film && <Deck file={file} stage={film.stage} media={media} />}
    </>
  )
}

const rates = [1, 1.25, 1.5, 2]

interface DeckProps {
  file: File
  stage: Stage
  media: RefObject<HTMLAudioElement | null>
}

function Deck({ file, stage, media }: DeckProps) {
  const { paused, position, duration, rate, phase } = usePlayback(stage, (playback) => playback)
  useVolume(media)
  const Icon = paused ? PlayIcon : PauseIcon
  const next = rates[(rates.indexOf(rate) + 1) % rates.length] ?? 1
  return (
    <>
      <IconButton
        tone="accent"
        className="rounded-full!"
        autoFocus
        label={paused ? m.films_play_film({ name: file.name }) : m.films_pause()}
        icon={<Icon aria-hidden="true" className="fill-current" />}
        onClick={() => stage.run({ do: paused ? 'play' : 'pause' })}
      />
      <div className="min-w-0 grow">
        <Name file={file} />
        {phase === 'failed' ? (
          <p role="alert" className="text-small text-danger-ink">
            {m.films_trouble_sound()}
          </p>
        ) : (
          <div className="flex items-center gap-2">
            <input
              type="range"
              min={0}
              max={Math.max(1, Math.ceil(duration))}
              step="any"
              value={position}
              aria-label={m.films_position()}
              aria-valuetext={m.films_position_of({
                position: clock(position, duration),
                duration: clock(duration),
              })}
              className="h-5 min-w-0 grow accent-(--accent)"
              onChange={(event) => stage.run({ do: 'seek', to: event.currentTarget.valueAsNumber })}
            />
            <span className="text-small text-muted tabular-nums" aria-hidden="true">
              {clock(position, duration)}
            </span>
            <button
              type="button"
              aria-label={`${m.films_speed()}: ${m.films_rate({ rate: formatNumber(rate) })}`}
              className="min-h-7 min-w-11 rounded-full border border-line px-2 text-caption font-semibold tabular-nums hover:bg-hover"
              onClick={() => stage.run({ do: 'rate', rate: next })}
            >
              {m.films_rate({ rate: formatNumber(rate) })}
            </button>
          </div>
        )}
      </div>
    </>
  )
}
