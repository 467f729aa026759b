import { ContextMenu as RadixContext, DropdownMenu as RadixMenu } from 'radix-ui'
import type { ReactNode } from 'react'
import { cx } from '@/lib/class-names'
import { Kbd } from './Kbd'
import { usePortalHost } from './portal-host'

export interface MenuItem {
  id: string
  label: string
  icon?: ReactNode
  run: () => void
  danger?: boolean
  disabled?: boolean
  /** As in the shortcut registry. */
  keys?: string
}

/** `null` draws a line between groups. One list serves a button's menu and the right click alike. */
export type MenuItems = readonly (MenuItem | null)[]

const surface =
  'z-50 min-w-52 max-w-80 overflow-y-auto rounded-control border border-line bg-glass p-1 text-ink shadow-mid backdrop-blur-md max-h-(--radix-popper-available-height) data-[state=open]:animate-unfold'

const row =
  'flex min-h-9 cursor-pointer items-center gap-3 rounded-small px-2.5 py-1.5 text-small outline-none select-none data-[highlighted]:bg-hover data-[disabled]:opacity-50 coarse:min-h-11 [&_svg]:size-4.5 [&_svg]:shrink-0'

const danger = 'text-danger-ink data-[highlighted]:bg-danger-soft'

interface MenuProps {
  items: MenuItems
  children: ReactNode
}

/** A menu on a button. `children` is the button; it must take a ref and spread its props. */
export function Menu({
  items,
  children,
  align = 'end',
  side = 'bottom',
}: MenuProps & { align?: 'start' | 'end'; side?: 'top' | 'bottom' }) {
  const container = usePortalHost()
  return (
    // Not modal: Radix would lock scrolling with an injected <style>, against our CSP.
    <RadixMenu.Root modal={false}>
      <RadixMenu.Trigger asChild>{children}</RadixMenu.Trigger>
      <RadixMenu.Portal container={container}>
        <RadixMenu.Content
          align={align}
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className={surface}
        >
          {items.map((item, at) =>
            item ? (
              <RadixMenu.Item
                key={item.id}
                disabled={item.disabled ?? false}
                onSelect={item.run}
                className={cx(row, item.danger && danger)}
              >
                <MenuRow item={item} />
              </RadixMenu.Item>
            ) : (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity of their own
              <RadixMenu.Separator key={`line-${at}`} className="mx-2 my-1 h-px bg-line" />
            ),
          )}
        </RadixMenu.Content>
      </RadixMenu.Portal>
    </RadixMenu.Root>
  )
}

/** The same on right click, long press and Shift+F10. */
export function ContextMenu({ items, children }: MenuProps) {
  const container = usePortalHost()
  return (
    <RadixContext.Root modal={false}>
      <RadixContext.Trigger asChild>{children}</RadixContext.Trigger>
      <RadixContext.Portal container={container}>
        <RadixContext.Content collisionPadding={8} className={surface}>
          {items.map((item, at) =>
            item ? (
              <RadixContext.Item
                key={item.id}
                disabled={item.disabled ?? false}
                onSelect={item.run}
                className={cx(row, item.danger && danger)}
              >
                <MenuRow item={item} />
              </RadixContext.Item>
            ) : (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity of their own
              <RadixContext.Separator key={`line-${at}`} className="mx-2 my-1 h-px bg-line" />
            ),
          )}
        </RadixContext.Content>
      </RadixContext.Portal>
    </RadixContext.Root>
  )
}

function MenuRow({ item }: { item: MenuItem }) {
  return (
    <>
      {item.icon}
      <span className="grow">{item.label}</span>
      {item.keys && <Kbd keys={item.keys} />}
    </>
  )
}
