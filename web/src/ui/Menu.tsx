import type { ReactNode } from 'react'
import { cloneElement, type HTMLAttributes, type ReactElement, type Ref, useRef } from 'react'
import { later } from '@/lib/later'
import { useOpening } from './menu-opening'
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

type Spreads = HTMLAttributes<HTMLElement> & { ref?: Ref<HTMLElement> }

interface MenuProps {
  items: MenuItems
  /** Must take a ref and spread its props. */
  children: ReactElement<Spreads>
}

const load = () => import('./OpenMenu')
/** What a menu is made of weighs as much as the list of messages: fetched when the page has time. */
export const fetchMenus = () => void load().catch(() => undefined)
const OpenMenu = later(async () => (await load()).OpenMenu)

/** A menu on a button, which is `children`. */
export function Menu({
  items,
  children,
  align = 'end',
  side = 'bottom',
}: MenuProps & { align?: 'start' | 'end'; side?: 'top' | 'bottom' }) {
  const container = usePortalHost()
  const button = useRef<HTMLElement>(null)
  const opening = useOpening()
  const trigger = cloneElement(children, {
    ref: button,
    'aria-haspopup': 'menu',
    'aria-expanded': opening.open,
    onClick: (event) => {
      if (opening.open) opening.close()
      else opening.at(button, event.detail === 0)
    },
    onKeyDown: (event) => {
      if (event.key !== 'ArrowDown') return
      event.preventDefault()
      opening.at(button, true)
    },
  })
  return (
    <>
      {trigger}
      {opening.wanted && (
        <OpenMenu
          key={opening.times}
          {...opening.props}
          items={items}
          align={align}
          side={side}
          container={container}
          button={button}
        />
      )}
    </>
  )
}

/** When a finger held still is taken for a question. */
const LONG_PRESS_MS = 700

/** The same on right click, long press and Shift+F10. */
export function ContextMenu({ items, children }: MenuProps) {
  const container = usePortalHost()
  const opening = useOpening()
  const held = useRef<ReturnType<typeof setTimeout>>(undefined)
  const release = () => clearTimeout(held.current)
  const openAt = (x: number, y: number, byKeys: boolean) => {
    const point = { getBoundingClientRect: () => new DOMRect(x, y, 0, 0) }
    opening.at({ current: point }, byKeys)
  }
  const trigger = cloneElement(children, {
    onContextMenu: (event) => {
      event.preventDefault()
      release()
      openAt(event.clientX, event.clientY, event.button !== 2 && !event.ctrlKey)
    },
    onPointerDown: ({ pointerType, clientX, clientY }) => {
      release()
      if (pointerType === 'mouse') return
      held.current = setTimeout(() => openAt(clientX, clientY, false), LONG_PRESS_MS)
    },
    onPointerMove: release,
    onPointerUp: release,
    onPointerCancel: release,
  })
  return (
    <>
      {trigger}
      {opening.wanted && (
        <OpenMenu
          key={opening.times}
          {...opening.props}
          items={items}
          align="start"
          side="right"
          container={container}
        />
      )}
    </>
  )
}
