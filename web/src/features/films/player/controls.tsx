import {
  CaptionsIcon,
  CaptionsOffIcon,
  MaximizeIcon,
  MinimizeIcon,
  PauseIcon,
  PictureInPicture2Icon,
  PlayIcon,
  RectangleHorizontalIcon,
  RotateCcwIcon,
  SettingsIcon,
  Volume1Icon,
  Volume2Icon,
  VolumeXIcon,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { cx } from '@/lib/class-names'
import { IconButton } from '@/ui/IconButton'
import { clock } from './clock'
import type { Stage } from './stage'
import { usePlayback } from './use-film'
import type { Screen } from './use-screen'
import type { Volume } from './use-volume'

interface ControlsProps {
  stage: Stage
  volume: Volume
  screen: Screen
  /** Null where there are none. */
  captions: { shown: boolean; toggle: () => void } | null
  settings: { open: boolean; toggle: () => void; panel: ReactNode }
  bar: ReactNode
  hidden: boolean
}

/** Glass over the moving picture: where it stands, and what can be done. */
export function Controls(props: ControlsProps) {
  const { stage, volume, screen, captions, settings, bar, hidden } = props
  return (
    <div
      className={cx(
        'absolute inset-x-2 bottom-2 rounded-card border border-line bg-glass px-2 pt-1.5 pb-1 shadow-mid backdrop-blur-md transition-opacity focus-within:opacity-100',
        hidden ? 'pointer-events-none opacity-0' : 'opacity-100',
      )}
    >
      <div className="px-1.5">{bar}</div>
      <div className="flex items-center gap-0.5">
        <PlayButton stage={stage} />
        <VolumeControl volume={volume} />
        <Time stage={stage} />
        <span className="grow" />
        {captions && (
          <IconButton
            size="small"
            label={captions.shown ? m.films_captions_off() : m.films_captions_on()}
            keys="c"
            icon={
              captions.shown ? (
                <CaptionsIcon aria-hidden="true" />
              ) : (
                <CaptionsOffIcon aria-hidden="true" />
              )
            }
            onClick={captions.toggle}
          />
        )}
        <div>
          <IconButton
            size="small"
            label={m.films_settings()}
            aria-expanded={settings.open}
            icon={<SettingsIcon aria-hidden="true" />}
            onClick={settings.toggle}
          />
          {settings.panel}
        </div>
        {screen.canFloat && (
          <IconButton
            size="small"
            className="@max-lg:hidden!"
            label={m.films_float()}
            icon={<PictureInPicture2Icon aria-hidden="true" />}
            onClick={screen.float}
          />
        )}
        {!screen.isFull && (
          <IconButton
            size="small"
            className="@max-md:hidden!"
            label={screen.isTheatre ? m.films_theatre_leave() : m.films_theatre()}
            keys="t"
            icon={<RectangleHorizontalIcon aria-hidden="true" />}
            onClick={screen.toggleTheatre}
          />
        )}
        <IconButton
          size="small"
          label={screen.isFull ? m.films_full_leave() : m.films_full()}
          keys="f"
          icon={
            screen.isFull ? (
              <MinimizeIcon aria-hidden="true" />
            ) : (
              <MaximizeIcon aria-hidden="true" />
            )
          }
          onClick={screen.toggleFull}
        />
      </div>
    </div>
  )
}

function PlayButton({ stage }: { stage: Stage }) {
  const paused = usePlayback(stage, (playback) => playback.paused)
  const ended = usePlayback(stage, (playback) => playback.phase === 'ended')
  const label = ended ? m.films_again() : paused ? m.films_play() : m.films_pause()
  const Icon = ended ? RotateCcwIcon : paused ? PlayIcon : PauseIcon
  return (
    <IconButton
      size="small"
      label={label}
      keys="k"
      icon={<Icon aria-hidden="true" />}
      onClick={() => stage.run({ do: paused ? 'play' : 'pause' })}
    />
  )
}

function Time({ stage }: { stage: Stage }) {
  const duration = usePlayback(stage, (playback) => playback.duration)
  const position = usePlayback(stage, (playback) => Math.floor(playback.position))
  return (
    <span className="ps-1 text-small whitespace-nowrap tabular-nums" aria-hidden="true">
      {clock(position, duration)}
      <span className="hidden text-muted @sm:inline">{` / ${clock(duration)}`}</span>
    </span>
  )
}

function VolumeControl({ volume }: { volume: Volume }) {
  const loud = volume.muted ? 0 : volume.volume
  const Icon = loud === 0 ? VolumeXIcon : loud < 0.5 ? Volume1Icon : Volume2Icon
  return (
    <span className="flex items-center">
      <IconButton
        size="small"
        label={volume.muted ? m.films_unmute() : m.films_mute()}
        keys="m"
        icon={<Icon aria-hidden="true" />}
        onClick={volume.toggle}
      />
      <input
        type="range"
        min={0}
        max={100}
        value={Math.round(loud * 100)}
        aria-label={m.films_volume()}
        className="hidden w-20 accent-(--accent) @lg:inline-block coarse:hidden!"
        onChange={(event) => volume.set(event.currentTarget.valueAsNumber / 100)}
      />
    </span>
  )
}
