import { PauseIcon, PlayIcon } from 'lucide-react'
import { useMemo, useRef } from 'react'
import { clockTime } from '@/i18n/clock-time'
import { formatNumber } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { cx } from '@/lib/class-names'
import { usePreferences } from '@/lib/preferences'
import { Spinner } from '@/ui/Spinner'
import { seek, setSpeed, speeds, type Track, toggle, usePlaying } from './playing'
import { Wave } from './wave'
import { bars } from './waveform'

const BARS = 56
const STEP_MS = 5_000

interface SoundProps {
  track: Track
  wave: readonly number[]
  /** Of the button that plays it. */
  label: string
  /** It cannot be played now. */
  disabled?: boolean
}

/** A button, a wave to move in, how long, how fast. */
export function Sound({ track, wave, label, disabled = false }: SoundProps) {
  const mine = usePlaying((state) => state.key === track.key)
  const is = usePlaying((state) => (state.key === track.key ? state.is : 'paused'))
  const sounds = is === 'playing' || is === 'loading'
  return (
    <div className="flex min-w-0 grow items-center gap-2.5">
      <button
        type="button"
        aria-label={sounds ? m.voice_pause_playing() : label}
        disabled={disabled}
        onClick={() => toggle(track)}
        className="grid size-9 shrink-0 place-items-center rounded-full bg-accent text-on-accent transition-colors hover:bg-accent-hover disabled:bg-hover disabled:text-faint [&_svg]:size-4.5"
      >
        {is === 'loading' ? (
          <Spinner />
        ) : sounds ? (
          <PauseIcon aria-hidden="true" className="fill-current" />
        ) : (
          <PlayIcon aria-hidden="true" className="translate-x-px fill-current" />
        )}
      </button>
      <Scrubber track={track} wave={wave} disabled={disabled} />
      <Time track={track} />
      {mine && !disabled && <Speed />}
    </div>
  )
}

const useAt = (track: Track): number =>
  usePlaying((state) => (state.key === track.key ? state.at_ms : 0))

function Time({ track }: { track: Track }) {
  const at = useAt(track)
  return (
    <span className="min-w-9 shrink-0 text-end text-small text-muted tabular-nums">
      <span className="sr-only">{m.voice_length({ time: clockTime(track.duration_ms) })}</span>
      <span aria-hidden="true">{clockTime(at > 0 ? at : track.duration_ms)}</span>
    </span>
  )
}

function Scrubber({
  track,
  wave,
  disabled,
}: {
  track: Track
  wave: readonly number[]
  disabled: boolean
}) {
  const at = useAt(track)
  const rail = useRef<HTMLDivElement>(null)
  const shown = useMemo(() => bars(wave, BARS), [wave])
  const part = Math.min(1, at / Math.max(1, track.duration_ms))
  const toPointer = (event: React.PointerEvent) => {
    const box = rail.current?.getBoundingClientRect()
    if (box && box.width > 0)
      seek(track, ((event.clientX - box.left) / box.width) * track.duration_ms)
  }
  return (
    <div
      ref={rail}
      role="slider"
      tabIndex={disabled ? -1 : 0}
      aria-label={m.voice_place()}
      aria-disabled={disabled}
      aria-valuemin={0}
      aria-valuemax={Math.round(track.duration_ms / 1000)}
      aria-valuenow={Math.round(at / 1000)}
      aria-valuetext={m.voice_place_text({ at: clockTime(at), time: clockTime(track.duration_ms) })}
      className={cx(
        'relative h-8 min-w-16 grow touch-none rounded-small text-line-strong',
        disabled ? 'opacity-60' : 'cursor-pointer',
      )}
      onPointerDown={(event) => {
        if (disabled || event.button !== 0) return
        event.currentTarget.setPointerCapture(event.pointerId)
        toPointer(event)
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) toPointer(event)
      }}
      onKeyDown={(event) => {
        const to = placeOf(event.key, at, track.duration_ms)
        if (disabled || to === null) return
        event.preventDefault()
        event.stopPropagation()
        seek(track, to)
      }}
    >
      <Wave bars={shown} className="absolute inset-0" />
      <div
        className="absolute inset-0 text-accent"
        style={{ clipPath: `inset(0 ${(1 - part) * 100}% 0 0)` }}
      >
        <Wave bars={shown} />
      </div>
    </div>
  )
}

function placeOf(key: string, at: number, all: number): number | null {
  if (key === 'ArrowRight' || key === 'ArrowUp') return at + STEP_MS
  if (key === 'ArrowLeft' || key === 'ArrowDown') return at - STEP_MS
  return key === 'Home' ? 0 : key === 'End' ? all : null
}

function Speed() {
  const speed = usePreferences((state) => state.voiceSpeed)
  const next = speeds[(speeds.indexOf(speed) + 1) % speeds.length] ?? 1
  const text = m.voice_times({ speed: formatNumber(speed) })
  return (
    <button
      type="button"
      aria-label={`${m.voice_speed()}: ${text}`}
      onClick={() => setSpeed(next)}
      className="min-w-9 shrink-0 rounded-full bg-hover px-1.5 py-0.5 text-caption font-semibold tabular-nums hover:bg-line"
    >
      {text}
    </button>
  )
}
