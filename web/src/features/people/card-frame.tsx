import { type ReactNode, useRef } from 'react'
import { useWide } from '@/lib/use-wide'
import { Dialog } from '@/ui/Dialog'
import { Popover } from '@/ui/Popover'

interface CardFrameProps {
  title: string
  anchor: HTMLElement | null
  onClose: () => void
  children: ReactNode
}

/** Beside what was pressed; a dialog where nothing was, or where there is no room beside it. */
export function CardFrame({ title, anchor, onClose, children }: CardFrameProps) {
  const wide = useWide()
  const beside = useRef(anchor)
  // Folded or scrolled away meanwhile, it has no place to stand beside.
  if (!wide || !anchor?.isConnected) {
    return (
      <Dialog size="small" title={title} onClose={onClose}>
        {children}
      </Dialog>
    )
  }
  return (
    <Popover
      open
      onOpenChange={(open) => !open && onClose()}
      anchor={beside}
      label={title}
      align="start"
    >
      <div className="w-80 max-w-full">
        <h2 className="mb-3 truncate font-serif text-title" dir="auto">
          {title}
        </h2>
        {children}
      </div>
    </Popover>
  )
}
