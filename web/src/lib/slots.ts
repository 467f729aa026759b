import type { ComponentType } from 'react'

/** What the address says about the room in front. `panel` is the right pane's own word for what
 * it shows (`members`, `invite`, `thread:<id>`); `at` is a message id to scroll to. */
export interface RoomPlace {
  roomId: string
  panel?: string | undefined
  at?: string | undefined
}

/**
 * What `app/room-screen.tsx` must export, all lazily loaded in one chunk. The shell gives
 * each pane a flex column of full height; the pane scrolls inside itself.
 */
export interface RoomRoute {
  /** Wraps all panes, mounted once per sign-in: start sync here, provide stores here. */
  RoomsRoot: ComponentType<{ children: React.ReactNode }>
  RoomListPane: ComponentType<{ roomId: string | null }>
  RoomPane: ComponentType<RoomPlace>
  RightPane: ComponentType<RoomPlace & { panel: string; close: () => void }>
  /** A page of its own in the centre: threads, mentions, what was saved. */
  ViewPane: ComponentType<{ view: string }>
  /** Shown in the centre on wide screens while no room is chosen. */
  HomePane: ComponentType
}
