import { DownloadIcon } from 'lucide-react'
import { formatDate, formatFull, formatSize } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { cx } from '@/lib/class-names'
import { contentUrl } from '@/lib/files'
import type { Account } from '@/wire/accounts'
import type { RoomFile } from '@/wire/media'
import { useGoTo } from './go-to'
import { iconOf } from './kinds'
import { PanelThumb } from './panel-thumb'
import { isPictureFile, type Picture } from './sorting'
import { stateText } from './words'

interface PanelRowProps {
  one: RoomFile
  author: Account | undefined
  /** A link led to this one. */
  lit: boolean
}

/** One file in the list: pressing it goes to its message. */
export function PanelRow({ one, author, lit }: PanelRowProps) {
  const { file, sent_at } = one
  const goTo = useGoTo()
  // Nobody asks of a picture whether it was looked through: it was drawn anew.
  const told = isPictureFile(file) ? null : stateText(file)
  const Icon = iconOf(file.media_type)
  const when = formatDate(sent_at, { day: 'numeric', month: 'short' })
  const line = [author?.display_name, when, formatSize(file.size)].filter(Boolean).join(' · ')
  return (
    <li
      ref={(row) => {
        if (lit) row?.scrollIntoView({ block: 'nearest' })
      }}
      className={cx(
        'relative flex items-center gap-3 rounded-control px-2 py-1.5 hover:bg-hover',
        lit && 'bg-accent-soft',
      )}
    >
      <span className="grid size-10 shrink-0 place-items-center overflow-hidden rounded-small bg-sunken text-muted">
        {isPictureFile(file) ? (
          <PanelThumb file={file as Picture['file']} />
        ) : (
          <Icon aria-hidden="true" className="size-5" />
        )}
      </span>
      <div className="min-w-0 grow">
        <button
          type="button"
          aria-label={m.files_go_to_file({ name: file.name })}
          onClick={() => void goTo(one)}
          className="block w-full truncate text-start font-semibold after:absolute after:inset-0 after:rounded-control"
          dir="auto"
        >
          {file.name}
        </button>
        <p className="truncate text-small text-muted" title={formatFull(sent_at)}>
          {line}
        </p>
        {told && (
          <p
            className={cx(
              'truncate text-caption',
              file.state === 'infected' || file.state === 'failed'
                ? 'font-semibold text-danger-ink'
                : 'text-faint',
            )}
          >
            {told}
          </p>
        )}
      </div>
      {file.state === 'ready' && (
        <a
          href={contentUrl(file.room_id, file.id)}
          download={file.name}
          aria-label={m.files_download_name({ name: file.name })}
          className="relative grid size-(--control-small) shrink-0 place-items-center rounded-control text-muted hover:bg-pressed hover:text-ink"
        >
          <DownloadIcon aria-hidden="true" className="size-4.5" />
        </a>
      )}
    </li>
  )
}
