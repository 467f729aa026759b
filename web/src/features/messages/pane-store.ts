import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Rights } from '@/lib/row-parts'

/** What this pane of this room is up to; gone when the room is left. */
export interface PaneState {
  /** Id of the message the composer answers. */
  replyTo: string | null
  /** Key of the row being rewritten in place. */
  editing: string | null
  /** Key of the row that the arrow keys stand on. */
  active: string | null
  /** Key of the row lit up because a link led there. */
  flashed: string | null
  /** The `seq` of the message whose quote led away from it. */
  back: number | null
  /** Ids of messages chosen to do one thing with all of them; null where nobody chooses. */
  chosen: readonly string[] | null
}

/** The list as others may use it; whatever draws it can be replaced behind this. */
export interface ListHandle {
  /** Shows the message with this `seq`, loading it if need be, and lights it up. */
  scrollToSeq(seq: number): Promise<void>
  /** Goes to the newest, which is where an own message appears. */
  toEnd(): void
  isAtEnd(): boolean
  /** Brings a row into view, and nothing more. */
  reveal(key: string, align?: 'start' | 'center' | 'auto'): void
  /** Puts the focus on a row. */
  focusRow(key: string): void
}

export interface Pane {
  store: StoreApi<PaneState>
  list: { current: ListHandle | null }
  composer: { current: HTMLTextAreaElement | null }
  roomId: string
  /** The root's id in a thread's pane. */
  threadId: string | null
  myId: string
  rights: Rights
}

export const createPaneStore = () =>
  createStore<PaneState>()(() => ({
    replyTo: null,
    editing: null,
    active: null,
    flashed: null,
    back: null,
    chosen: null,
  }))

/** May I write in this pane? A thread may be open where the room is not. */
export const mayWrite = ({ threadId, rights }: Pick<Pane, 'threadId' | 'rights'>): boolean =>
  threadId === null ? rights.post : rights.reply

/** As many as can be forwarded at once. */
export const MOST_CHOSEN = 20

/** Takes a message among those chosen, or out of them again. */
export function choose({ store }: Pick<Pane, 'store'>, id: string): void {
  const chosen = store.getState().chosen ?? []
  if (chosen.includes(id)) store.setState({ chosen: chosen.filter((one) => one !== id) })
  else if (chosen.length < MOST_CHOSEN) store.setState({ chosen: [...chosen, id], editing: null })
}

export const PaneContext = createContext<Pane | null>(null)

export function usePane(): Pane {
  const pane = useContext(PaneContext)
  if (!pane) throw new Error('usePane outside a message pane')
  return pane
}

export const usePaneState = <Selected>(select: (state: PaneState) => Selected): Selected =>
  useStore(usePane().store, select)
