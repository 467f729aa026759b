import { XIcon } from 'lucide-react'
import { useEffect } from 'react'
import { formatSize } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { cx } from '@/lib/class-names'
import { type Attached, useUploadStates, useUploads } from '@/lib/uploads'
import { useEngine } from '@/sync/react'
import { IconButton } from '@/ui/IconButton'
import { measure } from './adding'
import { galleryOf, rowRatio, shareOf } from './gallery'
import { iconOf } from './kinds'
import { isPicture, usePreviews } from './previews'
import { placeOf } from './sorting'
import { progressOf } from './tray-state'
import { percent, uploadErrorText } from './words'

interface PendingFilesProps {
  /** Of the message. */
  id: string
  files: readonly Attached[]
}

/** The files of a message on its way, laid as they will lie, and how far they are. */
export function PendingFiles({ id, files }: PendingFilesProps) {
  const all = useUploadStates((state) => state.all)
  const engine = useEngine()
  const pictures = files.filter(
    (file) => isPicture(file.media_type) && file.width && file.height && !file.refused,
  )
  const others = files.filter((file) => !pictures.includes(file))
  const progress = progressOf(files, all)
  return (
    <div className="my-1 flex flex-col gap-1.5">
      {pictures.length > 0 && <PendingPictures pictures={pictures} />}
      {others.map((file) => (
        <PendingCard key={file.upload} file={file} />
      ))}
      {progress.failed.map((upload) => (
        <p key={upload.id} className="text-small text-danger-ink" dir="auto">
          {m.files_failed_why({ name: upload.name, why: uploadErrorText(upload.error) })}
        </p>
      ))}
      {progress.waiting > progress.failed.length && (
        <div className="flex max-w-lg items-center gap-2">
          <div
            role="progressbar"
            aria-label={m.files_row_waiting()}
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={Math.round(progress.part * 100)}
            className="h-1 grow overflow-hidden rounded-full bg-line"
          >
            <div
              className="h-full bg-accent transition-[width]"
              style={{ width: `${progress.part * 100}%` }}
            />
          </div>
          <span className="text-caption text-muted tabular-nums">{told(progress)}</span>
          <IconButton
            size="small"
            label={m.files_cancel()}
            icon={<XIcon aria-hidden="true" className="size-4!" />}
            onClick={() => engine.words.discard(id)}
          />
        </div>
      )}
    </div>
  )
}

function told({ part, speed, paused }: ReturnType<typeof progressOf>): string {
  if (paused) return m.files_row_paused({ part: percent(part) })
  if (speed === null) return m.files_row_progress({ part: percent(part) })
  return m.files_row_speed({ part: percent(part), speed: formatSize(speed) })
}

function PendingPictures({ pictures }: { pictures: readonly Attached[] }) {
  const sizes = pictures.map(({ width = 4, height = 3 }) => width / height)
  const { rows, ratios, ratio } = galleryOf(sizes)
  return (
    <div data-gallery style={placeOf(ratio)} className="flex w-lg flex-col gap-1">
      {rows.map((row) => (
        <div
          key={row.join()}
          className="flex min-h-0 gap-1"
          style={{ flexGrow: shareOf(1 / rowRatio(ratios, row)), flexBasis: 0 }}
        >
          {row.map((index) => {
            const file = pictures[index]
            return (
              file && (
                <div
                  key={file.upload}
                  className="min-w-0 overflow-hidden rounded-control bg-sunken"
                  style={{ flexGrow: shareOf(ratios[index] ?? 1), flexBasis: 0 }}
                >
                  <PendingPicture file={file} />
                </div>
              )
            )
          })}
        </div>
      ))}
    </div>
  )
}

function PendingPicture({ file }: { file: Attached }) {
  const engine = useEngine()
  const uploads = useUploads()
  const preview = usePreviews((state) => state.all[file.upload])
  const isMissing = preview === undefined
  useEffect(() => {
    if (!isMissing) return
    // After a reload: drawn again from what the queue kept.
    void uploads()
      .then((open) => open.blob(file.upload))
      .then((blob) => blob && measure(engine, file.upload, blob))
      .catch(() => undefined)
  }, [isMissing, file.upload, engine, uploads])
  if (!preview) return null
  return <img src={preview.url} alt={file.alt || file.name} className="size-full object-cover" />
}

function PendingCard({ file }: { file: Attached }) {
  const Icon = iconOf(file.media_type)
  return (
    <div
      className={cx(
        'flex min-h-15 max-w-md items-center gap-3 rounded-control border bg-raised px-3 py-2',
        file.refused ? 'border-danger' : 'border-line',
      )}
    >
      <span className="grid size-10 shrink-0 place-items-center rounded-small bg-accent-soft text-accent-ink">
        <Icon aria-hidden="true" className="size-5" />
      </span>
      <div className="min-w-0 grow">
        <p className="truncate font-semibold" dir="auto">
          {file.name}
        </p>
        <p className="text-small text-muted">
          {formatSize(file.size)}
          {file.refused && (
            <span className="text-danger-ink">
              {' · '}
              {file.refused === 'infected' ? m.files_infected() : m.files_damaged()}
            </span>
          )}
        </p>
      </div>
    </div>
  )
}
