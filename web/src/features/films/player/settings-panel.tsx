import { MinusIcon, PlusIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { formatNumber } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { Dialog } from '@/ui/Dialog'
import { IconButton } from '@/ui/IconButton'
import type { Film, FilmSubtitle } from '@/wire/films'
import { Choices } from './choices'
import { qualityName, rungsToCome } from './qualities'
import { rates } from './rates'
import { captionSizes, offsetOf, useRemembered, withOffset } from './remembered'
import type { Source } from './source'
import type { Stage } from './stage'
import { usePlayback, useQualities } from './use-film'

interface SettingsPanelProps {
  stage: Stage
  source: Source | null
  film: Film
  /** The track that is shown. */
  track: FilmSubtitle | null
  chooseTrack: (track: FilmSubtitle | null) => void
  /** To add subtitles and take them away, for those who may. */
  manage: ReactNode
}

/** Lower than this there is no room for it over the picture, in CSS pixels. */
const ROOM = 340

/** Over the picture, or over the page where the picture is small. */
export function SettingsPanel(props: SettingsPanelProps & { height: number; close: () => void }) {
  if (props.height < ROOM) {
    return (
      <Dialog size="small" title={m.films_settings()} onClose={props.close}>
        <div className="flex flex-col gap-5">
          <Settings {...props} />
        </div>
      </Dialog>
    )
  }
  return (
    <section
      aria-label={m.films_settings()}
      className="absolute right-0 bottom-full z-20 mb-2 flex max-h-[calc(100cqh-6.5rem)] w-[min(22rem,calc(100cqw-1rem))] animate-rise flex-col gap-4 overflow-y-auto rounded-card border border-line bg-raised p-4 text-ink shadow-mid"
    >
      <Settings {...props} />
    </section>
  )
}

const Settings = (props: SettingsPanelProps) => (
  <>
    <Speed stage={props.stage} />
    <Quality source={props.source} film={props.film} />
    <Subtitles {...props} />
  </>
)

function Speed({ stage }: { stage: Stage }) {
  const rate = usePlayback(stage, (playback) => playback.rate)
  return (
    <Choices
      legend={m.films_speed()}
      value={rate}
      choices={rates.map((value) => ({
        value,
        label: m.films_rate({ rate: formatNumber(value) }),
      }))}
      choose={(to) => stage.run({ do: 'rate', rate: to })}
    />
  )
}

function Quality({ source, film }: { source: Source | null; film: Film }) {
  const { heights, chosen, playing } = useQualities(source)
  // The browser alone decides where it plays HLS by itself.
  if (heights.length === 0) return null
  return (
    <Choices<number | null>
      legend={m.films_quality()}
      value={chosen}
      choices={[
        {
          value: null,
          label: m.films_quality_auto(),
          ...(chosen === null && playing !== null && { note: qualityName(film, playing) }),
        },
        ...heights.map((height) => ({ value: height, label: qualityName(film, height) })),
        ...rungsToCome(film, heights).map((height) => ({
          value: height,
          label: qualityName(film, height),
          note: m.films_quality_follows(),
          disabled: true,
        })),
      ]}
      choose={(height) => source?.choose(height)}
    />
  )
}

function Subtitles({ film, track, chooseTrack, manage }: SettingsPanelProps) {
  if (film.subtitles.length === 0 && manage === null) return null
  return (
    <>
      <Choices<string | null>
        legend={m.films_subtitles()}
        value={track?.id ?? null}
        choices={[
          { value: null, label: m.films_subtitles_none() },
          ...film.subtitles.map((one) => ({ value: one.id, label: one.label })),
        ]}
        choose={(id) => chooseTrack(film.subtitles.find((one) => one.id === id) ?? null)}
      >
        {manage}
      </Choices>
      {track && <HowShown fileId={film.file_id} />}
    </>
  )
}

const OFFSET_STEP = 0.5

/** Theirs alone: nobody else sees a difference. */
function HowShown({ fileId }: { fileId: string }) {
  const size = useRemembered((state) => state.captionSize)
  const offset = useRemembered((state) => offsetOf(state.offsets, fileId))
  const words = {
    small: m.films_size_small,
    normal: m.films_size_normal,
    large: m.films_size_large,
  }
  const shift = (by: number) =>
    useRemembered.setState(({ offsets }) => ({
      offsets: withOffset(offsets, fileId, offset + by),
    }))
  return (
    <>
      <Choices
        legend={m.films_subtitles_size()}
        value={size}
        choices={captionSizes.map((value) => ({ value, label: words[value]() }))}
        choose={(captionSize) => useRemembered.setState({ captionSize })}
      />
      <fieldset className="flex items-center gap-2 text-small">
        <legend className="float-left grow text-caption font-semibold text-muted">
          {m.films_offset()}
        </legend>
        <IconButton
          size="small"
          label={m.films_offset_earlier()}
          icon={<MinusIcon aria-hidden="true" />}
          onClick={() => shift(-OFFSET_STEP)}
        />
        <output className="min-w-14 text-center tabular-nums">
          {m.films_offset_of({
            seconds: formatNumber(offset, {
              signDisplay: 'exceptZero',
              minimumFractionDigits: 1,
              maximumFractionDigits: 1,
            }),
          })}
        </output>
        <IconButton
          size="small"
          label={m.films_offset_later()}
          icon={<PlusIcon aria-hidden="true" />}
          onClick={() => shift(OFFSET_STEP)}
        />
      </fieldset>
    </>
  )
}
