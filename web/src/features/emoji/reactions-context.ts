import { createContext, useContext } from 'react'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { TimelineMessage } from '@/wire/timeline'
import type { Reacting } from './reacting'

/** What is open because of one message: the picker over it, or who reacted. */
export type Opened =
  | { what: 'picker'; message: TimelineMessage; at: DOMRect; back: HTMLElement | null }
  | { what: 'people'; message: TimelineMessage; back: HTMLElement | null }

export interface ReactionTools {
  reacting: Reacting
  opened: StoreApi<{ now: Opened | null }>
}

export const createOpened = () => createStore<{ now: Opened | null }>()(() => ({ now: null }))

export const ReactionToolsContext = createContext<ReactionTools | null>(null)

export function useReactionTools(): ReactionTools {
  const tools = useContext(ReactionToolsContext)
  if (!tools) throw new Error('useReactionTools outside ReactionToolsContext')
  return tools
}

/** Where the focus is now: it goes back there. */
const focused = () =>
  document.activeElement instanceof HTMLElement ? document.activeElement : null

export function openPicker({ opened }: ReactionTools, message: TimelineMessage): void {
  const back = focused()
  const near = back?.closest('article') ?? document.body
  opened.setState({ now: { what: 'picker', message, at: near.getBoundingClientRect(), back } })
}

export const openPeople = ({ opened }: ReactionTools, message: TimelineMessage) =>
  opened.setState({ now: { what: 'people', message, back: focused() } })
