import { useEffect, useRef, useState } from 'react'
import { type Box, FITTED, fitted, panned, type View, zoomed } from './zoom'

/** A finger that moves this far across a whole picture turns the page, in CSS pixels. */
const SWIPE = 60
const DOUBLE = 2.5
const STEP = 1.4

interface Point {
  x: number
  y: number
}

/** Wheel, pinch, double click and drag over a frame; a swipe across a whole picture turns the page. */
export function useZoom(picture: Box, key: string, turn: (step: -1 | 1) => void) {
  const frame = useRef<HTMLDivElement>(null)
  const [view, setView] = useState(FITTED)
  const [box, setBox] = useState<Box>({ width: 1, height: 1 })
  const held = useRef(new Map<number, Point>())
  const began = useRef<Point | null>(null)
  const shown = fitted(picture, box)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another picture is seen whole at first
  useEffect(() => setView(FITTED), [key])
  useEffect(() => {
    const element = frame.current
    if (!element) return
    const watch = new ResizeObserver(() =>
      setBox({ width: element.clientWidth, height: element.clientHeight }),
    )
    watch.observe(element)
    return () => watch.disconnect()
  }, [])

  /** From the middle of the frame. */
  const pointOf = ({ clientX, clientY }: { clientX: number; clientY: number }): Point => {
    const at = frame.current?.getBoundingClientRect()
    if (!at) return { x: 0, y: 0 }
    return { x: clientX - at.left - at.width / 2, y: clientY - at.top - at.height / 2 }
  }
  const zoom = (factor: number, at: Point = { x: 0, y: 0 }) =>
    setView((now) => zoomed(now, factor, at, shown, box))
  const wheel = useRef((_event: WheelEvent) => {})
  wheel.current = (event) => {
    event.preventDefault()
    zoom(Math.exp(-event.deltaY / 400), pointOf(event))
  }
  useEffect(() => {
    const element = frame.current
    // React listens passively: the page behind would scroll.
    const hear = (event: WheelEvent) => wheel.current(event)
    element?.addEventListener('wheel', hear, { passive: false })
    return () => element?.removeEventListener('wheel', hear)
  }, [])

  const listeners = {
    onDoubleClick: (event: React.MouseEvent) =>
      view.scale > 1 ? setView(FITTED) : zoom(DOUBLE, pointOf(event)),
    onPointerDown: (event: React.PointerEvent) => {
      event.currentTarget.setPointerCapture(event.pointerId)
      held.current.set(event.pointerId, pointOf(event))
      began.current = held.current.size === 1 ? pointOf(event) : null
    },
    onPointerMove: (event: React.PointerEvent) => {
      const was = held.current.get(event.pointerId)
      if (!was) return
      const now = pointOf(event)
      const other = [...held.current].find(([id]) => id !== event.pointerId)?.[1]
      held.current.set(event.pointerId, now)
      if (other) zoom(distance(now, other) / Math.max(1, distance(was, other)), middle(now, other))
      else setView((held) => panned(held, now.x - was.x, now.y - was.y, shown, box))
    },
    onPointerUp: (event: React.PointerEvent) => {
      const from = began.current
      held.current.delete(event.pointerId)
      if (held.current.size > 0 || !from || view.scale > 1) return
      const { x, y } = pointOf(event)
      const [dx, dy] = [x - from.x, y - from.y]
      if (Math.abs(dx) > SWIPE && Math.abs(dx) > 2 * Math.abs(dy)) turn(dx < 0 ? 1 : -1)
    },
    onPointerCancel: (event: React.PointerEvent) => held.current.delete(event.pointerId),
  }
  return {
    frame,
    view,
    shown,
    listeners,
    larger: () => zoom(STEP),
    smaller: () => zoom(1 / STEP),
    whole: () => setView(FITTED),
  }
}

export const transformOf = ({ scale, x, y }: View) => `translate(${x}px, ${y}px) scale(${scale})`

const distance = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y)
const middle = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 })
