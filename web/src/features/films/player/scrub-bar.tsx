import { type PointerEvent, useRef, useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { cx } from '@/lib/class-names'
import { clock } from './clock'
import type { Stage } from './stage'
import { type Tile, tileAt } from './storyboard'
import { usePlayback } from './use-film'

interface ScrubBarProps {
  stage: Stage
  tiles: readonly Tile[]
  /** Where the sheets of the tiles are. */
  sheetUrl: (sheet: string) => string
  /** While somebody drags the controls stay. */
  hold: (held: boolean) => void
}

/** Where the film stands, what is there of it, and the way to another place. */
export function ScrubBar({ stage, tiles, sheetUrl, hold }: ScrubBarProps) {
  const playback = usePlayback(stage, (now) => now)
  const track = useRef<HTMLDivElement>(null)
  const [pointed, setPointed] = useState<number | null>(null)
  const [dragged, setDragged] = useState<number | null>(null)
  const { duration, reach } = playback
  const position = dragged ?? playback.position
  const part = (seconds: number) => (duration > 0 ? (100 * seconds) / duration : 0)
  const secondsAt = (event: PointerEvent) => {
    const box = track.current?.getBoundingClientRect()
    if (!box || box.width === 0) return 0
    return duration * Math.min(1, Math.max(0, (event.clientX - box.left) / box.width))
  }
  const drop = (seconds: number | null) => {
    hold(false)
    setDragged(null)
    setPointed(null)
    if (seconds !== null) stage.run({ do: 'seek', to: seconds })
  }
  const isUnmade = reach > 0 && reach < duration - 1
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={m.films_position()}
      aria-valuemin={0}
      aria-valuemax={Math.round(duration)}
      aria-valuenow={Math.round(position)}
      aria-valuetext={m.films_position_of({
        position: clock(position, duration),
        duration: clock(duration),
      })}
      className="group/bar relative flex h-5 cursor-pointer touch-none items-center rounded-small"
      onPointerDown={(event) => {
        if (event.button !== 0) return
        event.currentTarget.setPointerCapture(event.pointerId)
        hold(true)
        setDragged(secondsAt(event))
        setPointed(secondsAt(event))
      }}
      onPointerMove={(event) => {
        setPointed(secondsAt(event))
        if (dragged !== null) setDragged(secondsAt(event))
      }}
      onPointerUp={(event) => dragged !== null && drop(secondsAt(event))}
      onPointerCancel={() => drop(null)}
      onPointerLeave={() => dragged === null && setPointed(null)}
    >
      <div
        ref={track}
        className="relative h-1 w-full overflow-hidden rounded-full bg-ink/20 transition-[height] group-hover/bar:h-1.5"
      >
        {isUnmade && (
          <div
            className="absolute inset-y-0 right-0 bg-[repeating-linear-gradient(135deg,transparent_0_3px,var(--paper)_3px_6px)]"
            style={{ left: `${part(reach)}%` }}
          />
        )}
        {playback.buffered.map(([from, to]) => (
          <div
            key={from}
            className="absolute inset-y-0 bg-ink/30"
            style={{ left: `${part(from)}%`, width: `${part(to - from)}%` }}
          />
        ))}
        <div
          className="absolute inset-y-0 left-0 bg-accent"
          style={{ width: `${part(position)}%` }}
        />
      </div>
      <div
        className={cx(
          'absolute size-3.5 -translate-x-1/2 rounded-full bg-accent shadow-low transition-transform',
          'scale-0 group-hover/bar:scale-100 group-focus-visible/bar:scale-100 coarse:scale-100',
          dragged !== null && 'scale-110!',
        )}
        style={{ left: `${part(position)}%` }}
      />
      {pointed !== null && (
        <Preview
          seconds={pointed}
          at={part(pointed)}
          duration={duration}
          tile={tileAt(tiles, pointed)}
          sheetUrl={sheetUrl}
        />
      )}
    </div>
  )
}

interface PreviewProps {
  seconds: number
  /** In percent of the bar. */
  at: number
  duration: number
  tile: Tile | null
  sheetUrl: (sheet: string) => string
}

/** What is seen at that moment; kept within the ends of the bar. */
function Preview({ seconds, at, duration, tile, sheetUrl }: PreviewProps) {
  const half = `${(tile?.width ?? 48) / 2}px`
  return (
    <div
      aria-hidden="true"
      className="pointer-events-none absolute bottom-full z-10 mb-2 flex -translate-x-1/2 flex-col items-center gap-1"
      style={{ left: `clamp(${half}, ${at}%, calc(100% - ${half}))` }}
    >
      {tile && (
        <div
          className="rounded-small border border-line-strong bg-sunken shadow-mid"
          data-testid="preview"
          style={{
            width: tile.width,
            height: tile.height,
            backgroundImage: `url("${sheetUrl(tile.sheet)}")`,
            backgroundPosition: `-${tile.x}px -${tile.y}px`,
          }}
        />
      )}
      <span className="rounded-small bg-glass px-1.5 text-caption font-semibold tabular-nums backdrop-blur-md">
        {clock(seconds, duration)}
      </span>
    </div>
  )
}
