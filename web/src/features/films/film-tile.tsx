import { PlayIcon } from 'lucide-react'
import { formatSize } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { cx } from '@/lib/class-names'
import type { FileTile } from '@/lib/file-parts'
import { contentUrl } from '@/lib/files'
import { later } from '@/lib/later'
import { usePerson, useSync } from '@/sync/react'
import { buttonClass } from '@/ui/Button'
import { Spinner } from '@/ui/Spinner'
import type { File } from '@/wire/files'
import type { Film } from '@/wire/films'
import { filmOf, isLost } from './film-of'
import { clock } from './player/clock'
import type { FilmPlayerProps } from './player/film-player'
import { type StateLine, stateLine } from './state-line'
import { SubtitleTools } from './subtitle-tools'
import { useOpen } from './use-open'

const Player = later<FilmPlayerProps>(async () => (await import('./player/film-player')).FilmPlayer)

/** A film in its row: what it is and how far it is; pressed, it plays where it stands. */
export function FilmTile({ message, myId, file, alt, rights }: FileTile) {
  const film = filmOf({ message, file })
  const progress = useSync((state) => state.filmProgress[file.id])
  const artist = usePerson(message.author_id)?.display_name ?? ''
  const [open, start] = useOpen(message.id)
  const line = stateLine(file, film, progress)
  const poster = posterOf(file, film)
  if (isLost(file, film)) {
    return (
      <figure className="rounded-control border border-line bg-raised">
        <Line file={file} line={line} />
      </figure>
    )
  }
  const plays = film?.state === 'playable' || film?.state === 'complete'
  const mayAdd = message.author_id === myId || rights.delete_any
  return (
    <figure className="absolute inset-0 overflow-hidden rounded-control bg-sunken">
      {open && film && plays ? (
        <Player
          roomId={file.room_id}
          film={film}
          name={file.name}
          artist={artist}
          poster={poster}
          manage={mayAdd ? <SubtitleTools file={file} film={film} /> : null}
        />
      ) : (
        <>
          <Poster url={poster} alt={alt} />
          {plays && <PlayFilm name={file.name} duration={film.duration_ms} play={start} />}
          <div className="pointer-events-none absolute inset-x-2 bottom-2 rounded-control bg-glass text-ink backdrop-blur-md">
            <Line file={file} line={line} />
          </div>
        </>
      )}
    </figure>
  )
}

function posterOf(file: File, film: Film | null): string | null {
  if (film?.poster) return contentUrl(file.room_id, file.id, 'hls/poster.jpg')
  const name = file.look?.renditions.find((one) => one.startsWith('poster.'))
  return name ? contentUrl(file.room_id, file.id, name) : null
}

const Poster = ({ url, alt }: { url: string | null; alt: string }) =>
  url && (
    <img src={url} alt={alt} loading="lazy" className="absolute inset-0 size-full object-cover" />
  )

function PlayFilm(props: { name: string; duration: number; play: () => void }) {
  return (
    <>
      <button
        type="button"
        aria-label={m.films_play_film({ name: props.name })}
        onClick={props.play}
        className="group/play absolute inset-0 grid place-items-center rounded-control -outline-offset-2!"
      >
        <span className="grid size-16 place-items-center rounded-full bg-glass text-ink shadow-mid backdrop-blur-md transition-transform group-hover/play:scale-105">
          <PlayIcon aria-hidden="true" className="size-7 translate-x-0.5 fill-current" />
        </span>
      </button>
      <span className="pointer-events-none absolute end-2 top-2 rounded-small bg-glass px-1.5 text-caption font-semibold text-ink tabular-nums backdrop-blur-md">
        {clock(props.duration / 1000)}
      </span>
    </>
  )
}

/** What it is called, and why it is not simply there. */
function Line({ file, line }: { file: File; line: StateLine | null }) {
  return (
    <figcaption className="flex flex-col gap-1.5 px-3 py-2 text-small">
      <p className="flex items-baseline gap-3">
        <span className="min-w-0 grow truncate font-semibold" dir="auto" title={file.name}>
          {file.name}
        </span>
        <span className="shrink-0 text-muted">{formatSize(file.size)}</span>
      </p>
      {line && (
        <p className={cx('flex items-center gap-2', line.tone === 'bad' && 'text-danger-ink')}>
          {line.tone === 'busy' && line.part === null && <Spinner className="size-4!" />}
          <span className="min-w-0 grow">{line.text}</span>
          {line.tone === 'bad' && file.state === 'ready' && (
            <a
              href={contentUrl(file.room_id, file.id)}
              download={file.name}
              className={buttonClass('plain', 'small')}
            >
              {m.films_download()}
            </a>
          )}
        </p>
      )}
      {line && line.part !== null && <Bar name={file.name} part={line.part} />}
    </figcaption>
  )
}

const Bar = ({ name, part }: { name: string; part: number }) => (
  <div
    role="progressbar"
    aria-label={m.films_progress({ name })}
    aria-valuemin={0}
    aria-valuemax={100}
    aria-valuenow={Math.round(part * 100)}
    className="h-1 overflow-hidden rounded-full bg-line"
  >
    <div
      className="h-full bg-live transition-[width] duration-700"
      style={{ width: `${part * 100}%` }}
    />
  </div>
)
