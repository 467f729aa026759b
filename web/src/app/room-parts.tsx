import { type ComponentType, type ReactNode, useMemo } from 'react'
import { messagesApply } from '@/features/messages/apply'
import { roomsApply } from '@/features/rooms/apply'
import { SearchButton, SearchLink } from '@/features/search/search-entry'
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
  apply: [accountsApply, roomsApply, messagesApply],
  beside: [],
}

/** Panels on the right, by the word before the colon in the address's `panel`. */
export const panels: Readonly<Record<string, ComponentType<PanelProps>>> = {
  members: later(async () => (await import('@/features/rooms/member-panel')).MemberPanel),
  search: later(async () => (await import('@/features/search/search-panel')).SearchPanel),
  settings: later(async () => (await import('@/features/rooms/settings-panel')).SettingsPanel),
}

/** Pages in the centre, at `/rooms/view/<name>`. */
export const views: Readonly<Record<string, ComponentType>> = {
  search: later(async () => (await import('@/features/search/search-view')).SearchView),
}

export function Parts({ children }: { children: ReactNode }) {
  return (
    <RowPartsContext value={useRowPartsOfAll()}>
      <ComposerPartsContext value={useComposerPartsOfAll()}>
        <RoomPartsContext value={useRoomPartsOfAll()}>{children}</RoomPartsContext>
      </ComposerPartsContext>
    </RowPartsContext>
  )
}

function useRowPartsOfAll(): RowParts {
  return useMemo(() => ({ ...noRowParts }), [])
}

function useComposerPartsOfAll(): ComposerParts {
  return useMemo(() => ({ ...noComposerParts }), [])
}

function useRoomPartsOfAll(): RoomParts {
  return useMemo(
    () => ({ ...noRoomParts, headerButtons: [SearchButton], sideLinks: [SearchLink] }),
    [],
  )
}
