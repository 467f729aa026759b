import { Menu as Radix } from 'radix-ui/internal'
import { type RefObject, useRef } from 'react'
import { cx } from '@/lib/class-names'
import { Kbd } from './Kbd'
import type { MenuItem, MenuItems } from './Menu'
import type { Anchor } from './menu-opening'

const surface =
  'z-50 min-w-52 max-w-80 overflow-y-auto rounded-control border border-line bg-glass p-1 text-ink shadow-mid backdrop-blur-md max-h-(--radix-popper-available-height) data-[state=open]:animate-unfold'

const row =
  'flex min-h-9 cursor-pointer items-center gap-3 rounded-small px-2.5 py-1.5 text-small outline-none select-none data-[highlighted]:bg-hover data-[disabled]:opacity-50 coarse:min-h-11 [&_svg]:size-4.5 [&_svg]:shrink-0'

const danger = 'text-danger-ink data-[highlighted]:bg-danger-soft'

export interface OpenMenuProps {
  items: MenuItems
  open: boolean
  onClose: () => void
  anchor: RefObject<Anchor | null>
  /** Opened by a key: the first item has the focus at once. */
  byKeys: boolean
  align: 'start' | 'end'
  side: 'top' | 'bottom' | 'right'
  container: HTMLElement | undefined
  /** Closes it by its own click, and has the focus back afterwards. */
  button?: RefObject<HTMLElement | null>
}

/** What `Menu` and `ContextMenu` show. */
export function OpenMenu(props: OpenMenuProps) {
  const { items, open, onClose, anchor, byKeys, align, side, container, button } = props
  // Each opening is drawn anew: these begin with it.
  const leftByPointer = useRef(false)
  const entered = useRef(false)
  return (
    // Not modal: Radix would lock scrolling with an injected <style>, against our CSP.
    <Radix.Root modal={false} open={open} onOpenChange={(now) => now || onClose()}>
      <Radix.Anchor virtualRef={anchor} />
      <Radix.Portal container={container}>
        <Radix.Content
          aria-label={button?.current?.ariaLabel ?? undefined}
          align={align}
          side={side}
          sideOffset={button ? 6 : 2}
          collisionPadding={8}
          className={surface}
          onEntryFocus={(event) => {
            // Its own listener for keys came too late to hear the one that opened it.
            if (!byKeys || entered.current) return
            entered.current = true
            event.preventDefault()
            const menu = event.currentTarget as HTMLElement
            menu.querySelector<HTMLElement>('[role=menuitem]')?.focus({ preventScroll: true })
          }}
          onInteractOutside={(event) => {
            // Closed here already, the button's click would open it again.
            if (button?.current?.contains(event.target as Node)) event.preventDefault()
            else leftByPointer.current = true
          }}
          onCloseAutoFocus={(event) => {
            if (!leftByPointer.current && !button) return
            event.preventDefault()
            if (!leftByPointer.current) button?.current?.focus()
          }}
        >
          {items.map((item, at) =>
            item ? (
              <Radix.Item
                key={item.id}
                disabled={item.disabled ?? false}
                onSelect={item.run}
                className={cx(row, item.danger && danger)}
              >
                <Line item={item} />
              </Radix.Item>
            ) : (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity of their own
              <Radix.Separator key={`line-${at}`} className="mx-2 my-1 h-px bg-line" />
            ),
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

function Line({ item }: { item: MenuItem }) {
  return (
    <>
      {item.icon}
      <span className="grow">{item.label}</span>
      {item.keys && <Kbd keys={item.keys} />}
    </>
  )
}
