import { Popover as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { usePortalHost } from './portal-host'

export interface PopoverProps {
  /** The button; must take a ref and spread its props. */
  trigger: ReactNode
  label: string
  children: ReactNode
  align?: 'start' | 'center' | 'end'
  side?: 'top' | 'bottom' | 'left' | 'right'
  open?: boolean
  onOpenChange?: (open: boolean) => void
}

export function Popover({
  trigger,
  label,
  children,
  align,
  side,
  open,
  onOpenChange,
}: PopoverProps) {
  const container = usePortalHost()
  return (
    <Radix.Root {...(open !== undefined && { open })} {...(onOpenChange && { onOpenChange })}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal container={container}>
        <Radix.Content
          aria-label={label}
          align={align ?? 'end'}
          side={side ?? 'bottom'}
          sideOffset={6}
          collisionPadding={8}
          className="z-50 max-w-[calc(100vw-1rem)] rounded-card border border-line bg-glass p-4 text-ink shadow-mid backdrop-blur-md data-[state=open]:animate-unfold"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
