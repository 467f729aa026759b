import { useNavigate } from '@tanstack/react-router'
import { type ComponentType, type ReactNode, useCallback, useMemo } from 'react'
import { messagesApply } from '@/features/messages/apply'
import { roomsApply } from '@/features/rooms/apply'
import { SearchButton, SearchLink } from '@/features/search/search-entry'
import { threadsApply, threadsBeside } from '@/features/threads/apply'
import {
  ThreadLine,
  ThreadMark,
  ThreadOrigin,
  ThreadsLink,
  threadActions,
} from '@/features/threads/rows'
import { type ComposerParts, ComposerPartsContext, noComposerParts } from '@/lib/composer-parts'
import { later } from '@/lib/later'
import { noRoomParts, type PanelProps, type RoomParts, RoomPartsContext } from '@/lib/room-parts'
import { noRowParts, type RowParts, RowPartsContext } from '@/lib/row-parts'
import { accountsApply } from '@/sync/accounts-apply'
import type { Tables } from '@/sync/dispatch'

/**
 * Where the features meet: what each adds to rows, composer, rooms and the log. Whatever is not
 * needed for the first paint of a room comes by `later`.
 */

/** Every feature's share of the reducer. */
export const tables: Tables = {
  apply: [accountsApply, roomsApply, messagesApply, threadsApply],
  beside: [threadsBeside],
}

/** Panels on the right, by the word before the colon in the address's `panel`. */
export const panels: Readonly<Record<string, ComponentType<PanelProps>>> = {
  members: later(async () => (await import('@/features/rooms/member-panel')).MemberPanel),
  search: later(async () => (await import('@/features/search/search-panel')).SearchPanel),
  settings: later(async () => (await import('@/features/rooms/settings-panel')).SettingsPanel),
  thread: later(async () => (await import('./thread-panel')).ThreadPanel),
}

const RoomExport = later(async () => (await import('@/features/exporting/room-export')).RoomExport)

/** Pages in the centre, at `/rooms/view/<name>`. */
export const views: Readonly<Record<string, ComponentType>> = {
  search: later(async () => (await import('@/features/search/search-view')).SearchView),
  threads: later(async () => (await import('@/features/threads/threads-page')).ThreadsPage),
}

export function Parts({ children }: { children: ReactNode }) {
  const emoji = useEmojiParts()
  return (
    <RowPartsContext value={useRowPartsOfAll(emoji)}>
      <ComposerPartsContext value={useComposerPartsOfAll(emoji)}>
        <RoomPartsContext value={useRoomPartsOfAll()}>{children}</RoomPartsContext>
      </ComposerPartsContext>
    </RowPartsContext>
  )
}

function useRowPartsOfAll(): RowParts {
  const openPanel = useOpenPanel()
  return useMemo(
    () => ({
      ...noRowParts,
      above: [ThreadOrigin],
      below: [ThreadLine],
      actions: [threadActions((roomId, rootId) => openPanel(roomId, `thread:${rootId}`))],
    }),
    [openPanel],
  )
}

/** Shows a panel beside a room; where the room is in front it stays as it is. */
function useOpenPanel(): (roomId: string, panel: string) => void {
  const navigate = useNavigate()
  return useCallback(
    (roomId, panel) =>
      void navigate({ to: '/rooms/$roomId', params: { roomId }, search: { panel } }),
    [navigate],
  )
}

function useComposerPartsOfAll(): ComposerParts {
  return useMemo(() => ({ ...noComposerParts }), [])
}

function useRoomPartsOfAll(): RoomParts {
  return useMemo(
    () => ({
      ...noRoomParts,
      settings: [RoomExport],
      headerButtons: [SearchButton],
      sideLinks: [SearchLink, ThreadsLink],
      rowMarks: [ThreadMark],
    }),
    [],
  )
}
