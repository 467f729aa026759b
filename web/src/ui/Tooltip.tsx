import { Tooltip as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { Kbd } from './Kbd'
import { usePortalHost } from './portal-host'

export interface TooltipProps {
  text: string
  /** As in the shortcut registry. */
  keys?: string
  side?: 'top' | 'bottom' | 'left' | 'right'
  /** Must take a ref and spread its props. */
  children: ReactNode
}

/** A second way to learn what something is; never the only one. */
export function Tooltip({ text, keys, side = 'bottom', children }: TooltipProps) {
  const container = usePortalHost()
  return (
    <Radix.Provider delayDuration={450} skipDelayDuration={150} disableHoverableContent>
      <Radix.Root>
        <Radix.Trigger asChild>{children}</Radix.Trigger>
        <Radix.Portal container={container}>
          <Radix.Content
            side={side}
            sideOffset={6}
            collisionPadding={8}
            className="z-50 flex max-w-72 items-center gap-2 rounded-small bg-ink px-2.5 py-1 text-small text-paper shadow-mid data-[state=delayed-open]:animate-unfold"
          >
            {text}
            {keys && <Kbd keys={keys} />}
          </Radix.Content>
        </Radix.Portal>
      </Radix.Root>
    </Radix.Provider>
  )
}
