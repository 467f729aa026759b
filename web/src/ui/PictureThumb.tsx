import { cx } from '@/lib/class-names'
import { contentUrl } from '@/lib/files'

/** What is needed of a file on the wire. */
interface Thumbed {
  id: string
  room_id: string
  state: string
  look: { renditions: readonly string[] } | null
}

/** Smallest first, and such as every browser can draw. */
const NAMES = ['thumb.webp', 'thumb.jpg', 'preview.webp', 'preview.jpg']

/** The first picture of a message, small; nothing where there is none. The words beside it name it. */
export function PictureThumb({
  files,
  className,
}: {
  files: readonly Thumbed[]
  className?: string
}) {
  const file = files.find(
    (one) =>
      one.state === 'ready' && (one.look?.renditions ?? []).some((name) => NAMES.includes(name)),
  )
  const name = NAMES.find((one) => file?.look?.renditions.includes(one))
  if (!file || !name) return null
  return (
    <img
      src={contentUrl(file.room_id, file.id, name)}
      alt=""
      loading="lazy"
      draggable={false}
      className={cx('shrink-0 rounded-small bg-sunken object-cover', className ?? 'size-5')}
    />
  )
}
