import { XIcon } from 'lucide-react'
import { useEffect, useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { cx } from '@/lib/class-names'
import { dismissToast, type Toast, useToasts } from './toasts'

const tones: Record<Toast['tone'], string> = {
  plain: 'bg-ink text-paper',
  danger: 'bg-danger text-on-danger',
  live: 'bg-live-soft text-live-ink',
}

/** Mounted once. The region is there before its first notice, or screen readers would miss it. */
export function ToastRegion() {
  const list = useToasts((state) => state.list)
  return (
    <section
      aria-label={m.ui_notifications()}
      className="pointer-events-none fixed inset-x-0 bottom-0 z-40 flex flex-col items-center gap-2 p-4 pb-[max(1rem,env(safe-area-inset-bottom))]"
    >
      <div role="status" aria-live="polite" className="contents">
        {list.map((one) => (
          <ToastCard key={one.id} toast={one} />
        ))}
      </div>
    </section>
  )
}

function ToastCard({ toast }: { toast: Toast }) {
  const [held, setHeld] = useState(false)
  useEffect(() => {
    if (held) return
    const timer = setTimeout(() => dismissToast(toast.id), toast.lasts)
    return () => clearTimeout(timer)
  }, [held, toast])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only holds the notice while it is read
    <div
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
      className={cx(
        'pointer-events-auto flex max-w-lg animate-rise items-center gap-2 rounded-control py-1.5 ps-4 pe-1.5 shadow-high',
        tones[toast.tone],
      )}
    >
      <p className="py-1">{toast.text}</p>
      {toast.action && (
        <button
          type="button"
          className="min-h-8 rounded-small px-3 font-semibold underline decoration-2 underline-offset-4 hover:opacity-80 focus-visible:outline-current coarse:min-h-11"
          onClick={() => {
            toast.action?.run()
            dismissToast(toast.id)
          }}
        >
          {toast.action.label}
        </button>
      )}
      <button
        type="button"
        aria-label={m.ui_close()}
        onClick={() => dismissToast(toast.id)}
        className="grid size-8 place-items-center rounded-small opacity-75 hover:opacity-100 focus-visible:outline-current coarse:size-11"
      >
        <XIcon aria-hidden="true" className="size-4" />
      </button>
    </div>
  )
}
