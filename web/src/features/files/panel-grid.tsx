import { m } from '@/i18n/paraglide/messages.js'
import type { RoomFile } from '@/wire/media'
import { openLightbox } from './open-lightbox'
import { PanelThumb } from './panel-thumb'
import type { Slide } from './slides'
import { isPictureFile } from './sorting'

/** Pictures in squares; pressing one shows it large. */
export function PanelGrid({ files }: { files: readonly RoomFile[] }) {
  return (
    <ul className="grid grid-cols-3 gap-1 px-1">
      {files
        .filter(({ file }) => isPictureFile(file))
        .map((one) => (
          <li key={one.id} className="aspect-square">
            <button
              type="button"
              aria-label={m.files_open({ what: one.file.name })}
              onClick={() => openLightbox({ first: slideOf(one) })}
              className="block size-full cursor-zoom-in overflow-hidden rounded-small bg-sunken outline-offset-[-3px]"
            >
              <PanelThumb file={one.file as Slide['file']} px={110} />
            </button>
          </li>
        ))}
    </ul>
  )
}

const slideOf = ({ file, message_seq, sent_at }: RoomFile): Slide => ({
  file: file as Slide['file'],
  alt: '',
  seq: message_seq,
  sent_at,
  author_id: file.account_id,
  message: null,
})
