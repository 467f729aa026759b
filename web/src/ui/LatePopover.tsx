import { type ReactNode, type RefObject, useState } from 'react'
import { later } from '@/lib/later'

const Popover = later(async () => (await import('./Popover')).Popover)

/** A popover beside a button that is there long before it: fetched when it is first opened. */
export function LatePopover({
  anchor,
  open,
  ...rest
}: {
  /** The button; it says `aria-haspopup` and `aria-expanded` itself. */
  anchor: RefObject<HTMLElement | null>
  label: string
  children: ReactNode
  align?: 'start' | 'center' | 'end'
  side?: 'top' | 'bottom' | 'left' | 'right'
  open: boolean
  onOpenChange: (open: boolean) => void
}) {
  const [wanted, setWanted] = useState(open)
  if (open && !wanted) setWanted(true)
  // Stays once it was open, or the focus would not find its way back.
  return wanted && <Popover {...rest} anchor={anchor} open={open} />
}
