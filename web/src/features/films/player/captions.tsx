import { type RefObject, useEffect, useState } from 'react'
import { cx } from '@/lib/class-names'
import { type Cue, cuesAt, cuesOf } from './cues'
import { type CaptionSize, offsetOf, useRemembered } from './remembered'
import type { Stage } from './stage'
import { usePlayback } from './use-film'
import { useText } from './use-text'

const LOOK = 100 // ms

const sizes: Record<CaptionSize, string> = {
  small: 'text-[clamp(0.75rem,2.6cqw,1.75rem)]',
  normal: 'text-[clamp(0.875rem,3.4cqw,2.25rem)]',
  large: 'text-[clamp(1.125rem,4.6cqw,3rem)]',
}

interface CaptionsProps {
  stage: Stage
  media: RefObject<HTMLMediaElement | null>
  fileId: string
  /** Of the track's whole text. */
  url: string
  language: string
  /** The controls are shown: the words stand above them. */
  lifted: boolean
}

/** What is said, written by ourselves: in the size and at the time this viewer wants it. */
export function Captions({ stage, media, fileId, url, language, lifted }: CaptionsProps) {
  const cues = useText(url, cuesOf)
  const size = useRemembered((state) => state.captionSize)
  const later = useRemembered((state) => offsetOf(state.offsets, fileId))
  const shown = useCues(stage, media, cues ?? none, later)
  if (shown.length === 0) return null
  return (
    <div
      lang={language}
      className={cx(
        'pointer-events-none absolute inset-x-0 flex flex-col items-center gap-1 px-[6%] text-center transition-[bottom]',
        lifted ? 'bottom-24' : 'bottom-[5%]',
      )}
    >
      {shown.map((cue) => (
        <p
          key={`${cue.from} ${cue.to} ${cue.lines[0]?.[0]?.text}`}
          dir="auto"
          className={cx(
            'rounded-small bg-[oklch(0.12_0.01_55/0.78)] px-[0.5em] py-[0.15em] leading-snug font-semibold text-ink',
            sizes[size],
          )}
        >
          {cue.lines.map((words, line) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines of a cue never change
            <span key={line} className="block">
              {words.map((one, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: words of a line never change
                <span key={index} className={cx(one.slanted && 'italic')}>
                  {one.text}
                </span>
              ))}
            </span>
          ))}
        </p>
      ))}
    </div>
  )
}

const none: readonly Cue[] = []

function useCues(
  stage: Stage,
  media: RefObject<HTMLMediaElement | null>,
  cues: readonly Cue[],
  later: number,
) {
  const paused = usePlayback(stage, (playback) => playback.paused)
  const position = usePlayback(stage, (playback) => (playback.paused ? playback.position : null))
  const [shown, setShown] = useState(none)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a film that stands is looked at where it was put
  useEffect(() => {
    const look = () =>
      setShown((was) => {
        const now = cuesAt(cues, media.current?.currentTime ?? 0, later)
        return now.length === was.length && now.every((cue, at) => cue === was[at]) ? was : now
      })
    look()
    if (paused) return
    const timer = setInterval(look, LOOK)
    return () => clearInterval(timer)
  }, [cues, later, media, paused, position])
  return shown
}
