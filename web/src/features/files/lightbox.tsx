import { useNavigate, useRouter } from '@tanstack/react-router'
import {
  ChevronLeftIcon,
  ChevronRightIcon,
  DownloadIcon,
  MessageSquareIcon,
  XIcon,
  ZoomInIcon,
  ZoomOutIcon,
} from 'lucide-react'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { formatFull } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { contentUrl } from '@/lib/files'
import { usePerson } from '@/sync/react'
import { IconButton } from '@/ui/IconButton'
import { PortalHost } from '@/ui/portal-host'
import { sourcesOf } from './picture-source'
import { placeholderUrl } from './placeholder'
import { captionOf, type Slide, useSlides } from './slides'
import { transformOf, useZoom } from './use-zoom'

export interface LightboxProps {
  first: Slide
  onClose: () => void
}

/** Larger than the server's previews would show it sharply: then the original is fetched. */
const SHARP = 1.5

/** A picture over everything, and the way through all pictures of its room. */
export function Lightbox({ first, onClose }: LightboxProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [host, setHost] = useState<HTMLElement | null>(null)
  const [id, setId] = useState(first.file.id)
  const slides = useSlides(first, id)
  const at = slides.findIndex((one) => one.file.id === id)
  const slide = slides[at] ?? first
  const step = (by: -1 | 1) => {
    const next = slides[at + by]
    if (next) setId(next.file.id)
  }
  const zoom = useZoom(slide.file.look, id, step)
  const leave = useStepBack(onClose)
  useLayoutEffect(() => {
    const element = dialog.current
    if (!element) return
    if (!element.open) element.showModal()
    setHost(element)
    return () => element.close()
  }, [])
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === 'ArrowLeft') step(-1)
    else if (event.key === 'ArrowRight') step(1)
    else if (event.key === '+' || event.key === '=') zoom.larger()
    else if (event.key === '-') zoom.smaller()
    else if (event.key === '0') zoom.whole()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const label = slide.alt || slide.file.name
  return (
    <dialog
      ref={dialog}
      aria-label={m.files_lightbox({ name: label })}
      onKeyDown={onKeyDown}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      className="tokens-again m-0 h-dvh max-h-none w-screen max-w-none overflow-hidden bg-paper text-ink scheme-dark open:animate-fade backdrop:bg-scrim"
    >
      <PortalHost value={host}>
        <div className="flex h-full flex-col">
          <Bar slide={slide} onClose={onClose} zoom={zoom} leave={leave} />
          <div className="relative min-h-0 grow">
            <div
              ref={zoom.frame}
              {...zoom.listeners}
              className="grid size-full touch-none place-items-center overflow-hidden select-none"
            >
              <Drawn
                key={slide.file.id}
                slide={slide}
                zoom={zoom}
                sharp={zoom.view.scale > SHARP || slide.file.look.animated}
              />
            </div>
            <Turn to={-1} there={at > 0} step={step} />
            <Turn to={1} there={at < slides.length - 1} step={step} />
          </div>
          <Words slide={slide} />
          <Neighbours slides={[slides[at - 1], slides[at + 1]]} />
          <p className="sr-only" role="status">
            {slides.length > 1 && m.files_picture({ number: at + 1, count: slides.length })}
          </p>
        </div>
      </PortalHost>
    </dialog>
  )
}

function Bar(props: {
  slide: Slide
  onClose: () => void
  zoom: ReturnType<typeof useZoom>
  leave: (slide: Slide) => void
}) {
  const { slide, onClose, zoom, leave } = props
  const author = usePerson(slide.author_id)
  return (
    <header className="flex items-center gap-1 p-2 wide:px-4">
      <div className="min-w-0 grow ps-2">
        <p className="truncate font-semibold" dir="auto">
          {author?.display_name ?? m.messages_somebody()}
        </p>
        <p className="truncate text-small text-muted">
          <time dateTime={slide.sent_at}>{formatFull(slide.sent_at)}</time>
        </p>
      </div>
      <span className="hidden wide:contents">
        <IconButton
          label={m.files_zoom_out()}
          icon={<ZoomOutIcon aria-hidden="true" />}
          disabled={zoom.view.scale <= 1}
          onClick={zoom.smaller}
        />
        <IconButton
          label={m.files_zoom_in()}
          icon={<ZoomInIcon aria-hidden="true" />}
          onClick={zoom.larger}
        />
      </span>
      <IconButton
        label={m.files_go_to()}
        icon={<MessageSquareIcon aria-hidden="true" />}
        onClick={() => leave(slide)}
      />
      <a
        href={contentUrl(slide.file.room_id, slide.file.id)}
        download={slide.file.name}
        aria-label={m.files_download_name({ name: slide.file.name })}
        className="grid size-(--control) shrink-0 place-items-center rounded-control text-muted hover:bg-hover hover:text-ink"
      >
        <DownloadIcon aria-hidden="true" className="size-5" />
      </a>
      <IconButton label={m.ui_close()} icon={<XIcon aria-hidden="true" />} onClick={onClose} />
    </header>
  )
}

function Drawn(props: { slide: Slide; zoom: ReturnType<typeof useZoom>; sharp: boolean }) {
  const { slide, zoom, sharp } = props
  const { better, srcSet, src } = sourcesOf(slide)
  const [come, setCome] = useState(false)
  const placeholder = placeholderUrl(slide.file.look.placeholder)
  const { width, height } = zoom.shown
  return (
    <div
      className="bg-cover bg-center"
      style={{
        width,
        height,
        transform: transformOf(zoom.view),
        ...(placeholder && !come && { backgroundImage: `url(${placeholder})` }),
      }}
    >
      <picture>
        {!sharp &&
          better.map((one) => (
            <source key={one.type} type={one.type} srcSet={one.srcSet} sizes={`${width}px`} />
          ))}
        <img
          src={sharp ? contentUrl(slide.file.room_id, slide.file.id) : src}
          {...(!sharp && srcSet && { srcSet, sizes: `${width}px` })}
          alt={slide.alt || slide.file.name}
          draggable={false}
          onLoad={() => setCome(true)}
          className="size-full"
        />
      </picture>
    </div>
  )
}

function Turn(props: { to: -1 | 1; there: boolean; step: (by: -1 | 1) => void }) {
  const { to, there, step } = props
  const Icon = to < 0 ? ChevronLeftIcon : ChevronRightIcon
  if (!there) return null
  return (
    <span
      className={`absolute top-1/2 -translate-y-1/2 ${to < 0 ? 'left-2 wide:left-4' : 'right-2 wide:right-4'}`}
    >
      <IconButton
        label={to < 0 ? m.files_previous() : m.files_next()}
        icon={<Icon aria-hidden="true" />}
        onClick={() => step(to)}
        className="rounded-full! bg-glass shadow-low backdrop-blur-sm"
      />
    </span>
  )
}

/** What was said of it, and what it shows: both for whoever wants to read. */
function Words({ slide }: { slide: Slide }) {
  const caption = captionOf(slide)
  if (!caption && !slide.alt) return <div className="h-3" />
  return (
    <div className="mx-auto max-h-[25dvh] w-full max-w-3xl overflow-y-auto px-4 py-3 text-center">
      {caption && (
        <p className="whitespace-pre-wrap break-words" dir="auto">
          {caption}
        </p>
      )}
      {slide.alt && (
        <p className="text-small text-muted" dir="auto">
          {slide.alt}
        </p>
      )}
    </div>
  )
}

/** Fetched while one looks at this one. */
function Neighbours({ slides }: { slides: readonly (Slide | undefined)[] }) {
  return (
    <div hidden>
      {slides.map((slide) => {
        if (!slide) return null
        const { better, srcSet, src } = sourcesOf(slide)
        return (
          <picture key={slide.file.id}>
            {better.map((one) => (
              <source key={one.type} type={one.type} srcSet={one.srcSet} sizes="100vw" />
            ))}
            <img src={src} {...(srcSet && { srcSet, sizes: '100vw' })} alt="" />
          </picture>
        )
      })}
    </div>
  )
}

/**
 * The browser's Back closes it, so it is a step of the history. Gives the way to leave for a
 * message instead.
 */
function useStepBack(onClose: () => void): (slide: Slide) => void {
  const router = useRouter()
  const navigate = useNavigate()
  const close = useRef(onClose)
  close.current = onClose
  const isOurs = useRef(false)
  useEffect(() => {
    const { history } = router
    history.push(history.location.href, history.location.state)
    isOurs.current = true
    const stop = history.subscribe(({ action }) => {
      if (action.type !== 'BACK') return
      isOurs.current = false
      close.current()
    })
    return () => {
      stop()
      if (isOurs.current) history.back()
    }
  }, [router])
  return ({ file, seq, message }) => {
    isOurs.current = false
    const onlyThread = message !== null && message.thread !== null && !message.in_room
    const search = onlyThread
      ? { panel: `thread:${message.thread}`, at: String(seq) }
      : { at: String(seq) }
    void navigate({
      to: '/rooms/$roomId',
      params: { roomId: file.room_id },
      search,
      replace: true,
    })
    close.current()
  }
}
