import type { KeyboardEvent, PointerEvent } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { usePreferences } from '@/lib/preferences'

const MIN = 320
const MAX = 480
const STEP = 16

const clamp = (width: number) => Math.round(Math.min(MAX, Math.max(MIN, width)))

const setWidth = (width: number) => usePreferences.setState({ panelWidth: clamp(width) })

/** The edge of the right panel: drag it, or give it the focus and press the arrows. */
export function PanelResizer() {
  const width = usePreferences((state) => clamp(state.panelWidth))
  /** Which way is wider: towards the start of the line. */
  const wider = () => (document.documentElement.dir === 'rtl' ? 1 : -1)

  const drag = (event: PointerEvent<HTMLElement>) => {
    const handle = event.currentTarget
    const from = event.clientX
    handle.setPointerCapture(event.pointerId)
    const move = (moved: globalThis.PointerEvent) =>
      setWidth(width + (moved.clientX - from) * wider())
    handle.addEventListener('pointermove', move)
    handle.addEventListener(
      'lostpointercapture',
      () => handle.removeEventListener('pointermove', move),
      {
        once: true,
      },
    )
    event.preventDefault()
  }
  const press = (event: KeyboardEvent) => {
    const steps = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key]
    if (!steps) return
    event.preventDefault()
    setWidth(width + steps * wider())
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: an <hr> cannot be moved
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={m.app_panel_width()}
      aria-valuenow={width}
      aria-valuemin={MIN}
      aria-valuemax={MAX}
      tabIndex={0}
      onPointerDown={drag}
      onKeyDown={press}
      onDoubleClick={() => usePreferences.setState({ panelWidth: 352 })}
      className="absolute inset-y-0 -start-1 z-10 hidden w-2 cursor-col-resize touch-none transition-colors hover:bg-accent-soft focus-visible:bg-accent-soft wide:block"
    />
  )
}
