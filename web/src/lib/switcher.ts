import type { ReactNode } from 'react'
import { create } from 'zustand'

export interface SwitcherItem {
  id: string
  label: string
  /** Section heading, already translated. */
  group: string
  /** Extra words that find it: a username, an alias. */
  keywords?: string
  icon?: ReactNode
  hint?: string
  /** Higher comes first among equally good fits: recently used, unread. */
  weight?: number
  run: () => void
}

/** Called on every keystroke with the query; must be quick and synchronous. */
export type SwitcherSource = (query: string) => readonly SwitcherItem[]

interface SwitcherState {
  open: boolean
  sources: ReadonlyMap<string, SwitcherSource>
}

export const useSwitcher = create<SwitcherState>()(() => ({ open: false, sources: new Map() }))

/** Adds a feature's items to Ctrl/Cmd+K. Returns the way to take them out again. */
export function registerSwitcherSource(name: string, source: SwitcherSource): () => void {
  const change = (edit: (sources: Map<string, SwitcherSource>) => void) =>
    useSwitcher.setState((state) => {
      const sources = new Map(state.sources)
      edit(sources)
      return { sources }
    })
  change((sources) => sources.set(name, source))
  return () => change((sources) => sources.delete(name))
}

/** What the sources answer has changed: an open switcher asks them again. */
export function refreshSwitcher(): void {
  useSwitcher.setState(({ sources }) => ({ sources: new Map(sources) }))
}
