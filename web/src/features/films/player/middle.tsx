import { PlayIcon } from 'lucide-react'
import { useEffect, useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { Button, buttonClass } from '@/ui/Button'
import { Spinner } from '@/ui/Spinner'
import type { Film } from '@/wire/films'
import { clock } from './clock'
import type { Trouble } from './control'
import type { Source } from './source'
import type { Stage } from './stage'
import { usePlayback } from './use-film'

interface MiddleProps {
  stage: Stage
  source: Source | null
  film: Film
  originalUrl: string
  /** The film is closed and opened anew. */
  restart: () => void
}

/** Over the picture: to begin with a button, later why nothing moves. */
export function Middle({ stage, source, film, originalUrl, restart }: MiddleProps) {
  const phase = usePlayback(stage, (playback) => playback.phase)
  const paused = usePlayback(stage, (playback) => playback.paused)
  const trouble = usePlayback(stage, (playback) => playback.trouble)
  if (phase === 'failed' && trouble) {
    return (
      <Failed trouble={trouble} originalUrl={originalUrl} retry={source ? source.retry : restart} />
    )
  }
  if (phase === 'loading' || phase === 'waiting') return <Waiting stage={stage} film={film} />
  if (!paused) return null
  return (
    <span
      aria-hidden="true"
      className="pointer-events-none absolute inset-0 grid animate-fade place-items-center"
    >
      <span className="grid size-16 place-items-center rounded-full bg-glass text-ink shadow-mid backdrop-blur-md">
        <PlayIcon className="size-7 translate-x-0.5" />
      </span>
    </span>
  )
}

const BLINK = 300 // ms

/** Shown only to those who wait longer than a blink. */
function Waiting({ stage, film }: { stage: Stage; film: Film }) {
  const [shown, setShown] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), BLINK)
    return () => clearTimeout(timer)
  }, [])
  const atEdge = usePlayback(
    stage,
    ({ position, reach, duration }) => reach > 0 && reach < duration - 1 && position > reach - 2,
  )
  if (!shown) return null
  return (
    <div
      role="status"
      className="pointer-events-none absolute inset-0 grid place-items-center text-ink"
    >
      <span className="flex items-center gap-3 rounded-full bg-glass p-3 shadow-mid backdrop-blur-md">
        <Spinner className="size-7!" />
        {atEdge && film.state !== 'complete' ? (
          <span className="pe-2 text-small">{m.films_waiting_for_more()}</span>
        ) : (
          <span className="sr-only">{m.ui_loading()}</span>
        )}
      </span>
    </div>
  )
}

const troubles: Record<Trouble, () => string> = {
  away: m.films_trouble_away,
  forbidden: m.films_trouble_forbidden,
  broken: m.films_trouble_broken,
  unplayable: m.films_trouble_unplayable,
}

interface FailedProps {
  trouble: Trouble
  originalUrl: string
  retry: () => void
}

function Failed({ trouble, originalUrl, retry }: FailedProps) {
  return (
    <div
      role="alert"
      className="absolute inset-0 grid place-items-center overflow-y-auto bg-[oklch(0.14_0.01_55/0.8)] p-4 text-center"
    >
      <div className="flex flex-col items-center gap-3">
        <p className="max-w-sm text-ink">{troubles[trouble]()}</p>
        <div className="flex flex-wrap justify-center gap-2">
          {trouble !== 'unplayable' && (
            <Button size="small" onClick={retry}>
              {m.ui_try_again()}
            </Button>
          )}
          {trouble !== 'forbidden' && (
            <a href={originalUrl} download className={buttonClass('quiet', 'small')}>
              {m.films_download()}
            </a>
          )}
        </div>
      </div>
    </div>
  )
}

/** While it is still being made: how much can be seen already. */
export function Reach({ stage, film }: { stage: Stage; film: Film }) {
  const duration = usePlayback(stage, (playback) => playback.duration)
  const reach = usePlayback(stage, (playback) => Math.floor(playback.reach))
  if (film.state !== 'preparing' && film.state !== 'playable') return null
  if (reach === 0 || reach >= duration - 1) return null
  return (
    <p className="absolute top-2 left-2 rounded-full bg-glass px-3 py-1 text-caption font-semibold text-ink tabular-nums shadow-low backdrop-blur-md">
      {m.films_reach({ reach: clock(reach, duration), duration: clock(duration) })}
    </p>
  )
}
