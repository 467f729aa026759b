import { useEffect, useRef } from 'react'
import { create } from 'zustand'

/** Innermost wins: while a dialog is open only dialog and global shortcuts are heard. */
export const scopes = ['global', 'room', 'list', 'composer', 'dialog', 'call'] as const
export type Scope = (typeof scopes)[number]

export interface Shortcut {
  id: string
  /** `Mod+K`, `Alt+Shift+ArrowUp`, `?`. Mod is ⌘ on Apple systems and Ctrl elsewhere. */
  keys: readonly string[]
  scope: Scope
  label: () => string
  /** Give false to let the key through to the page; anything else takes it. */
  run?: (event: KeyboardEvent) => unknown
}

export const useShortcuts = create<{ list: readonly Shortcut[] }>()(() => ({ list: [] }))

export const isApple =
  typeof navigator !== 'undefined' && /Mac|iP(hone|ad|od)/.test(navigator.platform)

/**
 * Registers shortcuts while the component lives. Without `run` an entry only documents a key that
 * something else handles (the composer's own Enter), so that the help dialog tells the whole truth.
 */
export function useShortcut(...shortcuts: readonly Shortcut[]): void {
  const latest = useRef(shortcuts)
  latest.current = shortcuts
  const ids = shortcuts.map((shortcut) => shortcut.id).join(' ')
  // biome-ignore lint/correctness/useExhaustiveDependencies: `ids` stands for the shortcuts, whose handlers are read through the ref
  useEffect(() => {
    const mine = latest.current.map((shortcut) => ({
      ...shortcut,
      ...(shortcut.run && {
        run: (event: KeyboardEvent) =>
          latest.current.find((now) => now.id === shortcut.id)?.run?.(event),
      }),
    }))
    useShortcuts.setState(({ list }) => ({ list: [...list, ...mine] }))
    return () => {
      useShortcuts.setState(({ list }) => ({ list: list.filter((s) => !mine.includes(s)) }))
    }
  }, [ids])
}

/** True if the event is exactly these keys: no modifier more, none less. */
export function matches(event: KeyboardEvent, keys: string): boolean {
  const parts = keys.split('+')
  const key = parts.pop() || '+'
  const has = (name: string) => parts.includes(name)
  const mod = isApple ? event.metaKey : event.ctrlKey
  const other = isApple ? event.ctrlKey : event.metaKey
  if (mod !== has('Mod') || other !== has('Ctrl') || event.altKey !== has('Alt')) return false
  // `?` and `/` sit behind Shift on some layouts: the character already tells.
  if (key.length > 1 || /[a-z]/i.test(key)) {
    if (event.shiftKey !== has('Shift')) return false
  }
  return event.key.toLowerCase() === key.toLowerCase()
}

const isField = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))

/** Plain characters belong to whoever is typing. */
const isPlain = (keys: string) => !/Mod\+|Alt\+|Ctrl\+|^F\d+$|Escape|Page|Home|End/.test(keys)

/** Finds the shortcut for an event: later registrations and inner scopes first. */
export function findShortcut(
  event: KeyboardEvent,
  list: readonly Shortcut[],
  dialogOpen: boolean,
): Shortcut | undefined {
  if (event.isComposing || event.keyCode === 229) return undefined
  return list
    .filter((shortcut) => shortcut.run)
    .filter((shortcut) => !dialogOpen || shortcut.scope === 'dialog' || shortcut.scope === 'global')
    .sort((a, b) => scopes.indexOf(b.scope) - scopes.indexOf(a.scope))
    .find((shortcut) =>
      shortcut.keys.some((k) => matches(event, k) && !(isPlain(k) && isField(event.target))),
    )
}

/** Keys as this person's keyboard prints them: `Mod+K` → `⌘ K` or `Ctrl K`. */
export function keyLabels(keys: string): string[] {
  const names: Record<string, string> = isApple
    ? { Mod: '⌘', Alt: '⌥', Shift: '⇧', Ctrl: '⌃' }
    : { Mod: 'Ctrl' }
  const arrows: Record<string, string> = {
    ArrowUp: '↑',
    ArrowDown: '↓',
    ArrowLeft: '←',
    ArrowRight: '→',
    Escape: 'Esc',
  }
  const parts = keys === '+' ? ['+'] : keys.split('+')
  return parts.map(
    (part) => names[part] ?? arrows[part] ?? (part.length === 1 ? part.toUpperCase() : part),
  )
}
