import { type ComponentType, createContext, type ReactNode, useContext } from 'react'
import type { Body } from '@/wire/messages'
import type { TimelineMessage } from '@/wire/timeline'

/** A message of the log, as its parts get it. */
export interface RowPart {
  message: TimelineMessage
  myId: string
  /** May I write in this room now? */
  canPost: boolean
  /** The root's id where it is drawn in a thread. */
  threadId: string | null
}

/** Something to be done with one message. */
export interface RowAction {
  id: string
  label: string
  icon: ReactNode
  run: () => void
  danger?: boolean
  /** Also a button of the toolbar, not only a line of the menu; or a button alone. */
  quick?: boolean | 'only'
  /** A single key that does it while the row has the focus. */
  key?: string
}

/**
 * What other features add to a row; `app/room-parts.tsx` brings them together. They are drawn with
 * every row: keep them small, draw nothing where there is nothing, and fetch the rest later.
 */
export interface RowParts {
  /** Instead of the text, by kind of body. */
  bodies: Partial<Record<Body['kind'], ComponentType<RowPart>>>
  /** Over the words: where it was forwarded from. */
  above: readonly ComponentType<RowPart>[]
  /** Under the words: previews, reactions, the thread. */
  below: readonly ComponentType<RowPart>[]
  /** Beside the time: a star, a pin, ticks. */
  marks: readonly ComponentType<RowPart>[]
  /** For the toolbar, the menu and the keys alike; asked when they open. */
  actions: readonly ((part: RowPart) => readonly RowAction[])[]
}

export const noRowParts: RowParts = { bodies: {}, above: [], below: [], marks: [], actions: [] }

export const RowPartsContext = createContext<RowParts>(noRowParts)

export const useRowParts = () => useContext(RowPartsContext)
