import { useMemo, useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { contentUrl } from '@/lib/files'
import { usePreferences } from '@/lib/preferences'
import type { TimelineMessage } from '@/wire/timeline'
import { type Gallery, rowRatio, shareOf } from './gallery'
import { openLightbox } from './open-lightbox'
import { sourcesOf } from './picture-source'
import { placeholderUrl } from './placeholder'
import { slideOf } from './slides'
import type { Picture } from './sorting'

export interface PicturesProps {
  message: TimelineMessage
  pictures: readonly Picture[]
  gallery: Gallery
}

/** As wide as a message's pictures are at most, in CSS pixels. */
const WIDEST = 512

/** The pictures of one message, in the rows that were reckoned for them. */
export function Pictures({ message, pictures, gallery }: PicturesProps) {
  return (
    <ul className="flex size-full flex-col gap-1">
      {gallery.rows.map((row) => (
        <li
          key={row.join()}
          className="min-h-0"
          style={{ flexGrow: shareOf(1 / rowRatio(gallery.ratios, row)), flexBasis: 0 }}
        >
          <ul className="flex size-full gap-1">
            {row.map((index) => {
              const picture = pictures[index]
              const ratio = gallery.ratios[index] ?? 1
              const part = ratio / rowRatio(gallery.ratios, row)
              return (
                picture && (
                  <li
                    key={picture.file.id}
                    className="min-w-0"
                    style={{ flexGrow: shareOf(ratio), flexBasis: 0 }}
                  >
                    <PictureButton
                      picture={picture}
                      part={part}
                      label={labelOf(picture, index, pictures.length)}
                      open={() => openLightbox({ first: slideOf(message, picture) })}
                    />
                  </li>
                )
              )
            })}
          </ul>
        </li>
      ))}
    </ul>
  )
}

const labelOf = ({ alt }: Picture, index: number, count: number) =>
  m.files_open({ what: alt || m.files_picture({ number: index + 1, count }) })

interface PictureButtonProps {
  picture: Picture
  /** Of the whole width. */
  part: number
  label: string
  open: () => void
}

function PictureButton({ picture, part, label, open }: PictureButtonProps) {
  const { look } = picture.file
  const [playing, setPlaying] = useState(false)
  const [come, setCome] = useState(false)
  const still = useStill()
  const placeholder = useMemo(() => placeholderUrl(look.placeholder), [look.placeholder])
  const moves = look.animated && !still
  return (
    <div
      className="group/picture relative size-full overflow-hidden rounded-control bg-sunken bg-cover bg-center"
      style={placeholder && !come ? { backgroundImage: `url(${placeholder})` } : undefined}
    >
      <button
        type="button"
        aria-label={label}
        onClick={open}
        onPointerEnter={() => setPlaying(moves)}
        onPointerLeave={() => setPlaying(false)}
        onFocus={() => setPlaying(moves)}
        onBlur={() => setPlaying(false)}
        className="block size-full cursor-zoom-in rounded-control outline-offset-[-3px]"
      >
        <Drawn picture={picture} part={part} playing={playing} onCome={() => setCome(true)} />
      </button>
      {look.animated && !playing && (
        <span className="pointer-events-none absolute end-1.5 top-1.5 rounded-small bg-glass px-1.5 text-caption font-semibold">
          {m.files_animated()}
        </span>
      )}
      {picture.alt && <AltMark alt={picture.alt} />}
    </div>
  )
}

function Drawn(props: { picture: Picture; part: number; playing: boolean; onCome: () => void }) {
  const { picture, part, playing, onCome } = props
  const { file } = picture
  const { width, height } = file.look
  const [failed, setFailed] = useState(false)
  if (failed) {
    return (
      <span className="grid size-full place-items-center p-2 text-center text-small text-muted">
        {picture.alt || file.name}
      </span>
    )
  }
  const shared = {
    alt: picture.alt,
    width,
    height,
    draggable: false,
    loading: 'lazy' as const,
    decoding: 'async' as const,
    onLoad: onCome,
    onError: () => setFailed(true),
    className: 'size-full object-cover',
  }
  if (playing) return <img {...shared} src={contentUrl(file.room_id, file.id)} alt={picture.alt} />
  const { better, srcSet, src } = sourcesOf(picture)
  const sizes = `min(${Math.round(100 * part)}vw, ${Math.round(WIDEST * part)}px)`
  return (
    <picture>
      {better.map((one) => (
        <source key={one.type} type={one.type} srcSet={one.srcSet} sizes={sizes} />
      ))}
      <img {...shared} {...(srcSet && { srcSet, sizes })} src={src} alt={picture.alt} />
    </picture>
  )
}

/** The description, for whoever wants to read it though they see the picture. */
function AltMark({ alt }: { alt: string }) {
  const [shown, setShown] = useState(false)
  return (
    <>
      {shown && (
        <p
          dir="auto"
          className="absolute inset-x-0 bottom-0 max-h-full overflow-y-auto bg-glass p-2 pb-8 text-small backdrop-blur-sm"
        >
          {alt}
        </p>
      )}
      <button
        type="button"
        aria-label={m.files_alt_show()}
        aria-expanded={shown}
        onClick={() => setShown(!shown)}
        className="absolute start-1.5 bottom-1.5 rounded-small bg-glass px-1.5 text-caption font-semibold hover:bg-raised"
      >
        {m.files_alt_mark()}
      </button>
    </>
  )
}

/** Whoever asked for less motion starts what moves themselves, in the lightbox. */
function useStill(): boolean {
  const motion = usePreferences((state) => state.motion)
  return motion === 'reduced' || matchMedia('(prefers-reduced-motion: reduce)').matches
}
