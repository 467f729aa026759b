import { type ComponentType, createContext, type ReactNode, useContext } from 'react'
import type { Body } from '@/wire/messages'
import type { TimelineMessage } from '@/wire/timeline'
import type { Attached } from './uploads'

/** What I may do with the messages of a room now: the server's `rooms/policy.py` decides. */
export interface Rights {
  /** To write in the room itself. */
  post: boolean
  /** To write in its threads. */
  reply: boolean
  /** To react, and to vote. */
  react: boolean
  /** My own words. */
  edit: boolean
  delete: boolean
  /** Everybody's. */
  delete_any: boolean
}

/** A message of the log, as its parts get it. */
export interface RowPart {
  message: TimelineMessage
  myId: string
  rights: Rights
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

/** Something to be done with several messages at once. */
export interface ManyAction {
  id: string
  label: string
  icon: ReactNode
  /** Of those chosen, these; none of them, and it is not offered. */
  fits: (message: TimelineMessage) => boolean
  run: (messages: readonly TimelineMessage[]) => void
  danger?: boolean
}

/**
 * What other features add to a row; `app/room-parts.tsx` brings them together. They are drawn with
 * every row: keep them small, draw nothing where there is nothing, and fetch the rest later.
 */
export interface RowParts {
  /** Instead of the text, by kind of body. */
  bodies: Partial<Record<Body['kind'], ComponentType<RowPart>>>
  /** The files of a message of mine that is on its way. */
  pending: ComponentType<{ id: string; files: readonly Attached[] }> | null
  /** Over the words: where it was forwarded from. */
  above: readonly ComponentType<RowPart>[]
  /** Under the words: previews, reactions, the thread. */
  below: readonly ComponentType<RowPart>[]
  /** Beside the time: a star, a pin, ticks. */
  marks: readonly ComponentType<RowPart>[]
  /** For the toolbar, the menu and the keys alike; asked when they open. */
  actions: readonly ((part: RowPart) => readonly RowAction[])[]
  /** For the bar under messages that were chosen. */
  many: () => readonly ManyAction[]
}

export const noRowParts: RowParts = {
  bodies: {},
  pending: null,
  above: [],
  below: [],
  marks: [],
  actions: [],
  many: () => [],
}

export const RowPartsContext = createContext<RowParts>(noRowParts)

export const useRowParts = () => useContext(RowPartsContext)
