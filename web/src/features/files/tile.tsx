import { PauseIcon, PlayIcon, RotateCwIcon, TriangleAlertIcon, XIcon } from 'lucide-react'
import { useId } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { cx } from '@/lib/class-names'
import type { Attached, Upload } from '@/lib/uploads'
import { IconButton } from '@/ui/IconButton'
import { endingOf, iconOf } from './kinds'
import { isPicture, usePreviews } from './previews'
import { Ring } from './ring'
import { percent, tileText } from './words'

export interface TileDeeds {
  describe(): void
  remove(): void
  /** Pauses, goes on, or tries again: whichever there is to do. */
  toggle(): void
  /** By one place, back or on. */
  move(step: -1 | 1): void
  drag(): void
  /** What is being dragged is held over this one. */
  over(): void
  drop(): void
}

interface TileProps {
  file: Attached
  upload: Upload | undefined
  deeds: TileDeeds
  last: boolean
}

/** One file to be sent: what it looks like, how far it is. */
export function Tile({ file, upload, deeds }: TileProps) {
  const hint = useId()
  const preview = usePreviews((state) => state.all[file.upload])
  const picture = isPicture(file.media_type) && preview !== null
  const broken = upload?.state === 'failed' || file.refused !== undefined
  const text = file.refused ? m.files_failed() : tileText(file, upload)
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === 'Delete' || event.key === 'Backspace') deeds.remove()
    else if (event.altKey && event.key === 'ArrowLeft') deeds.move(-1)
    else if (event.altKey && event.key === 'ArrowRight') deeds.move(1)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <li
      draggable
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = 'move'
        event.dataTransfer.setData('application/x-tertulia-tile', file.upload)
        deeds.drag()
      }}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('application/x-tertulia-tile')) return
        event.preventDefault()
        deeds.over()
      }}
      onDrop={(event) => {
        if (!event.dataTransfer.types.includes('application/x-tertulia-tile')) return
        event.preventDefault()
        deeds.drop()
      }}
      className="group/tile relative w-28 shrink-0"
    >
      <button
        type="button"
        data-tile
        aria-label={m.files_tile({ name: file.name })}
        aria-describedby={hint}
        aria-keyshortcuts="Delete Alt+ArrowLeft Alt+ArrowRight"
        onClick={picture ? deeds.describe : deeds.toggle}
        onKeyDown={onKeyDown}
        className={cx(
          'relative block h-20 w-full cursor-grab overflow-hidden rounded-control border bg-sunken',
          broken ? 'border-danger' : 'border-line',
        )}
      >
        <Face file={file} url={picture ? preview?.url : undefined} />
        {picture && (
          <span
            className={cx(
              'absolute start-1 bottom-1 rounded-small px-1 text-caption font-semibold',
              file.alt ? 'bg-accent text-on-accent' : 'bg-glass text-ink',
            )}
          >
            {m.files_alt_mark()}
          </span>
        )}
      </button>
      <State file={file} upload={upload} toggle={deeds.toggle} />
      <p className="mt-1 truncate text-caption" dir="auto" title={file.name}>
        {file.name}
      </p>
      <p
        id={hint}
        className={cx('truncate text-caption', broken ? 'text-danger-ink' : 'text-muted')}
      >
        {text}
      </p>
      <IconButton
        size="small"
        label={m.files_remove({ name: file.name })}
        icon={<XIcon aria-hidden="true" className="size-4!" />}
        onClick={deeds.remove}
        className="absolute! -end-1.5 -top-1.5 size-6! rounded-full! border border-line bg-raised shadow-low"
      />
    </li>
  )
}

function Face({ file, url }: { file: Attached; url: string | undefined }) {
  if (url)
    return <img src={url} alt={file.alt} draggable={false} className="size-full object-cover" />
  const Icon = iconOf(file.media_type)
  return (
    <span className="grid size-full place-items-center text-muted">
      <span className="flex flex-col items-center gap-0.5">
        <Icon aria-hidden="true" className="size-7" />
        <span className="text-caption uppercase">{endingOf(file.name)}</span>
      </span>
    </span>
  )
}

/** Over the middle while it is on its way: how far, and the way to stop or go on. */
function State({
  file,
  upload,
  toggle,
}: {
  file: Attached
  upload: Upload | undefined
  toggle: () => void
}) {
  if (file.refused) {
    return (
      <TriangleAlertIcon
        aria-hidden="true"
        className="pointer-events-none absolute top-6 left-1/2 size-8 -translate-x-1/2 text-danger-ink"
      />
    )
  }
  if (file.file_id !== null || upload?.state === 'done') return null
  const state = upload?.state ?? 'waiting'
  const part = file.size === 0 ? 0 : (upload?.sent ?? 0) / file.size
  const [label, Icon] =
    state === 'failed'
      ? ([m.files_retry({ name: file.name }), RotateCwIcon] as const)
      : state === 'paused'
        ? ([m.files_resume({ name: file.name }), PlayIcon] as const)
        : ([m.files_pause({ name: file.name }), PauseIcon] as const)
  return (
    <>
      <button
        type="button"
        aria-label={label}
        onClick={toggle}
        className="group/ring absolute top-5.5 left-1/2 grid size-9 -translate-x-1/2 place-items-center rounded-full bg-glass text-ink shadow-low"
      >
        {state === 'failed' ? null : <Ring part={part} />}
        <Icon aria-hidden="true" className="absolute size-4" />
      </button>
      {state === 'running' && (
        <span
          role="progressbar"
          aria-label={m.files_progress({ name: file.name })}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(part * 100)}
          aria-valuetext={percent(part)}
          className="sr-only"
        />
      )}
    </>
  )
}
