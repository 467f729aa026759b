import { DownloadIcon, ShieldAlertIcon, TriangleAlertIcon } from 'lucide-react'
import { formatSize } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { cx } from '@/lib/class-names'
import { contentUrl } from '@/lib/files'
import { Spinner } from '@/ui/Spinner'
import type { File } from '@/wire/files'
import { endingOf, iconOf } from './kinds'
import { stateText } from './words'

export interface FileCardProps {
  file: File
}

/** A file to be taken away; or why there is none to be had. */
export function FileCard({ file }: FileCardProps) {
  const told = stateText(file)
  const isBad = file.state === 'infected' || file.state === 'failed'
  const parts = [endingOf(file.name).toUpperCase(), formatSize(file.size)].filter(Boolean)
  return (
    <div
      className={cx(
        'relative flex min-h-15 items-center gap-3 rounded-control border bg-raised px-3 py-2',
        isBad ? 'border-danger' : 'border-line',
        file.state === 'ready' && 'hover:border-line-strong',
      )}
    >
      <Sign file={file} />
      <div className="min-w-0 grow">
        <p className="truncate font-semibold" dir="auto" title={file.name}>
          {file.name}
        </p>
        <p className="truncate text-small text-muted">
          {parts.join(' · ')}
          {told && (
            <>
              {' · '}
              <span className={cx(isBad && 'font-semibold text-danger-ink')}>{told}</span>
            </>
          )}
        </p>
      </div>
      {file.state === 'ready' && (
        <a
          href={contentUrl(file.room_id, file.id)}
          download={file.name}
          aria-label={m.files_download_name({ name: file.name })}
          className="grid size-(--control-small) shrink-0 place-items-center rounded-control text-muted after:absolute after:inset-0 after:rounded-control hover:text-ink"
        >
          <DownloadIcon aria-hidden="true" className="size-5" />
        </a>
      )}
    </div>
  )
}

function Sign({ file }: FileCardProps) {
  const Icon = iconOf(file.media_type)
  const box = 'grid size-10 shrink-0 place-items-center rounded-small'
  if (file.state === 'infected' || file.state === 'failed') {
    const Bad = file.state === 'infected' ? ShieldAlertIcon : TriangleAlertIcon
    return (
      <span className={cx(box, 'bg-danger-soft text-danger-ink')}>
        <Bad aria-hidden="true" className="size-5" />
      </span>
    )
  }
  return (
    <span className={cx(box, 'bg-accent-soft text-accent-ink')}>
      {file.state === 'checking' ? <Spinner /> : <Icon aria-hidden="true" className="size-5" />}
    </span>
  )
}
