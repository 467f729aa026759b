import { Popover as Radix } from 'radix-ui'
import { type ReactNode, type RefObject, useRef } from 'react'
import { usePortalHost } from './portal-host'

export interface PopoverProps {
  /** The button; must take a ref and spread its props. */
  trigger?: ReactNode
  /** Instead of `trigger`: a button that opens and closes it by itself. */
  anchor?: RefObject<HTMLElement | null>
  label: string
  children: ReactNode
  align?: 'start' | 'center' | 'end'
  side?: 'top' | 'bottom' | 'left' | 'right'
  open?: boolean
  onOpenChange?: (open: boolean) => void
}

export function Popover({
  trigger,
  anchor,
  label,
  children,
  align,
  side,
  open,
  onOpenChange,
}: PopoverProps) {
  const container = usePortalHost()
  const leftByPointer = useRef(false)
  return (
    <Radix.Root {...(open !== undefined && { open })} {...(onOpenChange && { onOpenChange })}>
      {trigger && <Radix.Trigger asChild>{trigger}</Radix.Trigger>}
      {anchor && <Radix.Anchor virtualRef={anchor} />}
      <Radix.Portal container={container}>
        <Radix.Content
          aria-label={label}
          align={align ?? 'end'}
          side={side ?? 'bottom'}
          sideOffset={6}
          collisionPadding={8}
          onOpenAutoFocus={() => {
            leftByPointer.current = false
          }}
          onInteractOutside={(event) => {
            // Its own click closes it: closed here already, that would open it again.
            if (anchor?.current?.contains(event.target as Node)) event.preventDefault()
            else leftByPointer.current = true
          }}
          onCloseAutoFocus={(event) => {
            if (!anchor) return
            event.preventDefault()
            if (!leftByPointer.current) anchor.current?.focus()
          }}
          className="z-50 max-w-[calc(100vw-1rem)] rounded-card border border-line bg-glass p-4 text-ink shadow-mid backdrop-blur-md data-[state=open]:animate-unfold"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
