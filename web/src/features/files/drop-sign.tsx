import { FileUpIcon } from 'lucide-react'
import { createPortal } from 'react-dom'
import { m } from '@/i18n/paraglide/messages.js'
import { MOST_FILES } from './tray-state'

/** Over the whole pane while files are held above it. */
export function DropSign({ host }: { host: HTMLElement }) {
  const { top, left, width, height } = host.getBoundingClientRect()
  return createPortal(
    <div
      className="pointer-events-none fixed z-40 animate-fade p-3"
      style={{ top, left, width, height }}
    >
      <div className="grid size-full place-items-center rounded-card border-2 border-dashed border-accent bg-glass text-center backdrop-blur-sm">
        <p className="flex flex-col items-center gap-1 p-6">
          <FileUpIcon aria-hidden="true" className="mb-2 size-10 text-accent-ink" />
          <span className="font-serif text-title">{m.files_drop_title()}</span>
          <span className="text-muted">{m.files_drop_text({ count: MOST_FILES })}</span>
        </p>
      </div>
    </div>,
    document.body,
  )
}
