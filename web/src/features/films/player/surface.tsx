import { type PointerEvent, useRef } from 'react'

const TWICE = 300 // ms
const LEAP = 10

interface SurfaceProps {
  /** A press with the mouse. */
  toggle: () => void
  full: () => void
  /** A finger: shows what can be done, or hides it. */
  touched: () => void
  skip: (seconds: number) => void
}

/**
 * The picture itself. A mouse plays and stops with it and fills the screen with two clicks; a finger
 * shows the controls, and two taps at a side skip.
 */
export function Surface({ toggle, full, touched, skip }: SurfaceProps) {
  const last = useRef({ at: Number.NEGATIVE_INFINITY, side: 0 })
  // A double click does not say what it was made with: two taps make one as well.
  const byMouse = useRef(true)
  const tap = (event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    const part = (event.clientX - box.left) / box.width
    const side = part < 0.4 ? -1 : part > 0.6 ? 1 : 0
    const again = event.timeStamp - last.current.at < TWICE && last.current.side === side
    last.current = { at: event.timeStamp, side }
    if (again && side !== 0) skip(side * LEAP)
    else touched()
  }
  return (
    // The keyboard has keys for all of it, and buttons.
    <div
      aria-hidden="true"
      className="absolute inset-0 touch-manipulation"
      onPointerUp={(event) => {
        byMouse.current = event.pointerType === 'mouse'
        if (!byMouse.current) tap(event)
        else if (event.button === 0) toggle()
      }}
      onDoubleClick={() => byMouse.current && full()}
    />
  )
}
