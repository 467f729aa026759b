import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import { Kbd } from './Kbd'

const DELAY_MS = 450
/** Moving on to the neighbour this soon, one need not wait again. */
const AGAIN_MS = 150
const GAP = 6
const MARGIN = 8

/** Shows what `Tooltip` wrote on the element under the pointer, or on the one keys have led to. */
export function Tips() {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null)
  useEffect(() => listen(setAnchor), [])
  return anchor?.isConnected ? createPortal(<Tip anchor={anchor} />, hostOf(anchor)) : null
}

/** Outside an open <dialog>, a popover or what fills the screen everything lies beneath it. */
const hostOf = (anchor: HTMLElement) =>
  anchor.closest('dialog[open], [popover], :fullscreen') ?? document.body

const tipped = (target: EventTarget | null) =>
  target instanceof Element ? target.closest<HTMLElement>('[data-tip]') : null

function listen(show: (anchor: HTMLElement | null) => void): () => void {
  const all = new AbortController()
  const options = { signal: all.signal, capture: true, passive: true }
  let timer: ReturnType<typeof setTimeout> | undefined
  let shown: HTMLElement | null = null
  let hiddenAt = Number.NEGATIVE_INFINITY
  const set = (anchor: HTMLElement | null) => {
    clearTimeout(timer)
    if (shown && !anchor) hiddenAt = performance.now()
    shown = anchor
    show(anchor)
  }
  const hide = () => set(null)
  const over = (event: PointerEvent) => {
    const anchor = tipped(event.target)
    if (anchor === shown || event.pointerType === 'touch') return
    if (shown) hide()
    clearTimeout(timer)
    // An open menu says more.
    if (!anchor || anchor.ariaExpanded === 'true') return
    const soon = performance.now() - hiddenAt < AGAIN_MS
    timer = setTimeout(() => set(anchor), soon ? 0 : DELAY_MS)
  }
  const focused = ({ target }: FocusEvent) => {
    const anchor = tipped(target)
    if (anchor && anchor === target && anchor.matches(':focus-visible')) set(anchor)
  }
  addEventListener('pointerover', over, options)
  addEventListener('focusin', focused, options)
  for (const what of ['focusout', 'pointerdown', 'keydown', 'scroll', 'blur'] as const) {
    addEventListener(what, hide, options)
  }
  return () => {
    clearTimeout(timer)
    all.abort()
  }
}

function Tip({ anchor }: { anchor: HTMLElement }) {
  const box = useRef<HTMLDivElement>(null)
  const { tip, tipKeys, tipSide } = anchor.dataset
  useLayoutEffect(() => {
    if (box.current) place(box.current, anchor.getBoundingClientRect(), tipSide === 'top')
  }, [anchor, tipSide])
  return (
    <div
      ref={box}
      role="tooltip"
      // The element says the same by its name.
      aria-hidden="true"
      className="pointer-events-none fixed top-0 left-0 z-50 flex w-max max-w-72 items-center gap-2 rounded-small bg-ink px-2.5 py-1 text-small text-paper shadow-mid"
    >
      {tip}
      {tipKeys && <Kbd keys={tipKeys} />}
    </div>
  )
}

/** Below `at` or above it, whichever was wished and fits; wholly in view. */
function place(box: HTMLElement, at: DOMRect, above: boolean): void {
  // Where 0, 0 is: a <dialog> with a filter is the origin of what is fixed in it.
  const { left, top, width, height } = box.getBoundingClientRect()
  const over = at.top - GAP - height
  const under = at.bottom + GAP
  const fitsUnder = under + height <= innerHeight - MARGIN
  const y = above ? (over >= MARGIN ? over : under) : fitsUnder ? under : over
  const x = at.left + (at.width - width) / 2
  const inView = Math.max(MARGIN, Math.min(x, innerWidth - MARGIN - width))
  box.style.transform = `translate(${Math.round(inView - left)}px, ${Math.round(y - top)}px)`
}
