import {
  CircleStopIcon,
  MicIcon,
  MicOffIcon,
  PauseIcon,
  SendHorizontalIcon,
  Trash2Icon,
  XIcon,
} from 'lucide-react'
import { useEffect, useEffectEvent, useMemo, useRef } from 'react'
import { clockTime } from '@/i18n/clock-time'
import { m } from '@/i18n/paraglide/messages.js'
import { cx } from '@/lib/class-names'
import type { ComposerPart } from '@/lib/composer-parts'
import { useUploads } from '@/lib/uploads'
import { useEngine } from '@/sync/react'
import { Button } from '@/ui/Button'
import { IconButton } from '@/ui/IconButton'
import { begin, discard, finish, goOn, longestText, pause, send } from './recording'
import { type Recording, useRecording, type Why } from './recording-state'
import { Sound } from './sound'
import { Wave } from './wave'

/** What is being recorded: how long, how loud, and what can be done with it. */
export function RecorderBar(part: ComposerPart) {
  const now = useRecording((state) => state.now)
  if (!now) return null
  return now.phase === 'refused' ? (
    <Refused part={part} why={now.why ?? 'failed'} />
  ) : (
    <Bar part={part} now={now} />
  )
}

function Bar({ part, now }: { part: ComposerPart; now: Recording }) {
  const engine = useEngine()
  const uploads = useUploads()
  const bar = useRef<HTMLFieldSetElement>(null)
  const submit = async () => {
    if (await send(engine, uploads, part.replyTo)) {
      part.forgetReply()
      part.focus()
    }
  }
  const drop = async () => {
    await discard()
    part.focus()
  }
  useEscape(() => void drop())
  useLeaving()
  useFocus(bar, now)
  const isOn = now.phase === 'recording' || now.phase === 'paused'
  return (
    <fieldset
      ref={bar}
      aria-label={m.voice_recorder()}
      className="min-w-0 border-b border-line px-1.5 py-1.5"
    >
      <div className="flex items-center gap-1.5">
        {!now.held && (
          <IconButton
            size="small"
            tone="danger"
            label={m.voice_cancel()}
            keys="Escape"
            icon={<Trash2Icon aria-hidden="true" />}
            onClick={() => void drop()}
          />
        )}
        {now.take ? (
          <div className="flex min-w-0 max-w-md grow">
            <Recorded now={now} />
          </div>
        ) : (
          <>
            <Light now={now} />
            <Trail wave={now.wave} />
          </>
        )}
        {isOn && !now.held && (
          <>
            <IconButton
              size="small"
              label={now.phase === 'paused' ? m.voice_go_on() : m.voice_pause()}
              icon={
                now.phase === 'paused' ? (
                  <MicIcon aria-hidden="true" />
                ) : (
                  <PauseIcon aria-hidden="true" />
                )
              }
              onClick={now.phase === 'paused' ? goOn : pause}
            />
            <IconButton
              size="small"
              label={m.voice_stop()}
              icon={<CircleStopIcon aria-hidden="true" />}
              onClick={() => void finish()}
            />
          </>
        )}
        {!now.held && (
          <IconButton
            size="small"
            tone="accent"
            data-voice-send
            label={m.voice_send()}
            disabled={now.phase === 'asking'}
            icon={<SendHorizontalIcon aria-hidden="true" className="rtl:-scale-x-100" />}
            onClick={() => void submit()}
          />
        )}
      </div>
      <Note now={now} />
    </fieldset>
  )
}

/** Whether it hears me, and for how long. */
function Light({ now }: { now: Recording }) {
  const isLive = now.phase === 'recording'
  return (
    <span className="flex shrink-0 items-center gap-2 ps-2 text-small">
      <span
        aria-hidden="true"
        className={cx(
          'size-2.5 rounded-full',
          isLive ? 'animate-pulse bg-live motion-reduce:animate-none' : 'bg-line-strong',
        )}
      />
      <time className="min-w-10 tabular-nums">{clockTime(now.duration_ms)}</time>
    </span>
  )
}

function Recorded({ now }: { now: Recording }) {
  const url = useMemo(() => (now.take ? URL.createObjectURL(now.take.blob) : null), [now.take])
  useEffect(
    () => () => {
      if (url) URL.revokeObjectURL(url)
    },
    [url],
  )
  if (!url || !now.take) return null
  const { duration_ms, waveform } = now.take
  const track = { key: 'recording', src: url, title: m.voice_recorder(), artist: '', duration_ms }
  return <Sound track={track} wave={waveform} label={m.voice_recorder()} />
}

/** What happens next, in words; read aloud when it changes. */
function Note({ now }: { now: Recording }) {
  const shown = noteOf(now)
  const spoken =
    now.phase === 'recording'
      ? m.voice_recording()
      : now.phase === 'paused'
        ? m.voice_paused()
        : now.phase === 'recorded'
          ? m.voice_recorded({ time: clockTime(now.duration_ms) })
          : ''
  return (
    <p role="status" className={cx('px-2 text-small text-muted', !shown && 'sr-only')}>
      {shown ?? spoken}
    </p>
  )
}

function noteOf({ phase, held, away, notice }: Recording): string | null {
  if (phase === 'asking') return m.voice_asking()
  if (notice === 'longest') return longestText()
  if (notice === 'unplugged') return m.voice_unplugged()
  if (held) return away ? m.voice_let_go_cancels() : m.voice_release()
  return null
}

const SHOWN = 90

/** The last moments, the newest at the end. */
function Trail({ wave }: { wave: readonly number[] }) {
  const last = wave.slice(-SHOWN)
  const padded = [...Array.from({ length: SHOWN - last.length }, () => 0), ...last]
  return <Wave bars={padded} className="min-w-0 max-w-96 grow text-live" />
}

const refusals: Record<Why, () => readonly [title: string, text: string]> = {
  denied: () => [m.voice_denied_title(), m.voice_denied()],
  none: () => [m.voice_none_title(), m.voice_none()],
  busy: () => [m.voice_busy_title(), m.voice_busy()],
  insecure: () => [m.voice_insecure_title(), m.voice_insecure()],
  failed: () => [m.voice_failed_title(), m.voice_busy()],
}

function Refused({ part, why }: { part: ComposerPart; why: Why }) {
  const [title, text] = refusals[why]()
  const close = () => void discard().then(part.focus)
  useEscape(close)
  return (
    <div role="alert" className="flex items-start gap-3 border-b border-line px-4 py-3 text-small">
      <MicOffIcon aria-hidden="true" className="mt-0.5 size-5 shrink-0 text-danger-ink" />
      <div className="min-w-0 grow">
        <p className="font-semibold">{title}</p>
        <p className="text-muted">{text}</p>
        {why !== 'insecure' && (
          <Button
            size="small"
            className="mt-2"
            onClick={() => void begin(part.roomId, part.threadId, false)}
          >
            {m.voice_try_again()}
          </Button>
        )}
      </div>
      <IconButton
        size="small"
        label={m.voice_close()}
        icon={<XIcon aria-hidden="true" />}
        onClick={close}
      />
    </div>
  )
}

/** Wherever the focus is: whoever holds the button has it nowhere near. */
function useEscape(then: () => void): void {
  const run = useEffectEvent(then)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return
      event.preventDefault()
      event.stopPropagation()
      run()
    }
    addEventListener('keydown', onKey, { capture: true })
    return () => removeEventListener('keydown', onKey, { capture: true })
  }, [])
}

/** In another room it waits, and what is said there is not in it. */
function useLeaving(): void {
  useEffect(() => pause, [])
}

/** Hands free, the keyboard is where it ends. */
function useFocus(bar: React.RefObject<HTMLFieldSetElement | null>, { held, phase }: Recording) {
  const isFree = !held && phase !== 'asking'
  useEffect(() => {
    if (isFree) bar.current?.querySelector<HTMLElement>('[data-voice-send]')?.focus()
  }, [bar, isFree])
}
