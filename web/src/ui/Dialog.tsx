import { XIcon } from 'lucide-react'
import { type ReactNode, useId, useLayoutEffect, useRef, useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { cx } from '@/lib/class-names'
import { PortalHost } from './portal-host'

export interface DialogProps {
  title: string
  /** Read after the title when the dialog opens. */
  description?: ReactNode
  /** The person wants out: Esc, ✕, or a press outside. */
  onClose: () => void
  children?: ReactNode
  /** Buttons, the one that goes on last. */
  footer?: ReactNode
  size?: 'small' | 'normal' | 'large'
  /** `alertdialog` is announced at once and does not close by a press outside. */
  role?: 'dialog' | 'alertdialog'
  /** Hides the visible title row for dialogs that are one field, such as a switcher. */
  bare?: boolean
}

const sizes = { small: 'max-w-md', normal: 'max-w-xl', large: 'max-w-3xl' }

/**
 * A modal on the browser's own <dialog>: the focus trap, the inert page behind, the top layer and
 * the way back to the opener are the browser's. (Radix's modal injects a <style> element, which
 * our Content-Security-Policy refuses.) Mount it to open it, unmount it to close it.
 */
export function Dialog({
  title,
  description,
  onClose,
  children,
  footer,
  size = 'normal',
  role = 'dialog',
  bare = false,
}: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null)
  const [host, setHost] = useState<HTMLElement | null>(null)
  const id = useId()
  useLayoutEffect(() => {
    const dialog = ref.current
    if (!dialog) return
    if (!dialog.open) dialog.showModal()
    setHost(dialog)
    // Closing before React takes the element away is what gives the focus back to the opener.
    return () => dialog.close()
  }, [])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc is the keyboard's way, by the cancel event
    <dialog
      ref={ref}
      role={role}
      aria-labelledby={`${id}-title`}
      aria-describedby={description ? `${id}-description` : undefined}
      onCancel={(event) => {
        if (event.target !== event.currentTarget) return
        event.preventDefault()
        onClose()
      }}
      onClose={(event) => {
        if (event.target === event.currentTarget && !event.currentTarget.open) onClose()
      }}
      onClick={(event) => {
        if (role === 'dialog' && event.target === event.currentTarget) onClose()
      }}
      className={cx(
        'w-[calc(100vw-2rem)] rounded-card bg-raised text-ink shadow-high open:animate-rise',
        'max-h-[calc(100dvh-2rem)] overflow-hidden backdrop:bg-scrim backdrop:animate-fade',
        bare && 'mt-[12dvh]',
        sizes[size],
      )}
    >
      <PortalHost value={host}>
        <div className="flex max-h-[calc(100dvh-2rem)] flex-col">
          <header
            className={cx(
              'flex items-start gap-4 p-6',
              Boolean(children) && 'pb-0',
              bare && 'sr-only',
            )}
          >
            <div className="min-w-0 grow">
              <h2 id={`${id}-title`} className="font-serif text-title">
                {title}
              </h2>
              {description && (
                <div id={`${id}-description`} className="mt-1 text-muted">
                  {description}
                </div>
              )}
            </div>
            {role === 'dialog' && !bare && (
              <button
                type="button"
                aria-label={m.ui_close()}
                onClick={onClose}
                className="-me-2 -mt-1 grid size-(--control) shrink-0 place-items-center rounded-control text-muted hover:bg-hover hover:text-ink"
              >
                <XIcon aria-hidden="true" className="size-5" />
              </button>
            )}
          </header>
          {/* Drawn once the dialog is open: React's autoFocus cannot reach into a closed one. */}
          {host && children && (
            <div className={cx('min-h-0 grow overflow-y-auto', !bare && 'p-6')}>{children}</div>
          )}
          {host && footer && (
            <footer className="flex flex-wrap justify-end gap-3 border-t border-line px-6 py-4">
              {footer}
            </footer>
          )}
        </div>
      </PortalHost>
    </dialog>
  )
}
