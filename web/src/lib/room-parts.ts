import { type ComponentType, createContext, type ReactNode, useContext } from 'react'
import type { RoomSnapshot } from '@/wire/sync'

/** A panel on the right: `panel` of the address is its name, or `name:argument`. */
export interface PanelProps {
  roomId: string
  /** What stands behind the colon: a message's id. */
  argument: string | null
  close: () => void
}

/** A line of a room's menu in the list; `null` draws a line between groups. */
export interface RoomAction {
  id: string
  label: string
  icon?: ReactNode
  run: () => void
  danger?: boolean
}

/** What other features add around a room; `app/room-parts.tsx` brings them together. */
export interface RoomParts {
  /** In the room's header, before its own buttons. */
  headerButtons: readonly ComponentType<{ roomId: string; panel: string | undefined }>[]
  /** The same as lines of its menu, on a phone: the name of the room needs the place there. */
  headerMenu: readonly ((room: RoomSnapshot, show: (panel: string) => void) => RoomAction | null)[]
  /** Under the header: a notice that the room is slow, or only read. */
  banners: readonly ComponentType<{ roomId: string }>[]
  /** In the room's settings panel, each a section of its own. */
  settings: readonly ComponentType<{ roomId: string }>[]
  /** In a row of the room list, before its badge. */
  rowMarks: readonly ComponentType<{ roomId: string }>[]
  /** The menu of a row of the room list. */
  rowMenu: readonly ((roomId: string) => readonly (RoomAction | null)[])[]
  /** At the top of the room list: Threads, Mentions, Saved. */
  sideLinks: readonly ComponentType[]
}

export const noRoomParts: RoomParts = {
  headerButtons: [],
  headerMenu: [],
  banners: [],
  settings: [],
  rowMarks: [],
  rowMenu: [],
  sideLinks: [],
}

export const RoomPartsContext = createContext<RoomParts>(noRoomParts)

export const useRoomParts = () => useContext(RoomPartsContext)
