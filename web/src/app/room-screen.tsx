import { useParams } from '@tanstack/react-router'
import { type ReactNode, useEffect } from 'react'
import { ListSkeleton } from '@/features/messages/list-skeleton'
import { MessagePane } from '@/features/messages/message-pane'
import { TypingLine } from '@/features/presence/typing-line'
import { useAway } from '@/features/presence/use-away'
import { usePresence } from '@/features/presence/use-presence'
import { useTyping } from '@/features/presence/use-typing'
import { RoomHeader } from '@/features/rooms/room-header'
import { RoomListPane as ListPane } from '@/features/rooms/room-list-pane'
import { RoomsRoot as Root } from '@/features/rooms/rooms-root'
import { useReadAll } from '@/features/rooms/use-read-all'
import { useRights } from '@/features/rooms/use-rights'
import { m } from '@/i18n/paraglide/messages.js'
import { later } from '@/lib/later'
import { useRoomParts } from '@/lib/room-parts'
import type { RoomPlace } from '@/lib/slots'
import { refreshSwitcher, useSwitcher } from '@/lib/switcher'
import { useVisits } from '@/lib/visits'
import { roomTitle } from '@/sync/naming'
import { useEngine, useSync } from '@/sync/react'
import { EmptyState } from '@/ui/EmptyState'
import { Parts, panels, tables, views } from './room-parts'

const RoomGone = later(async () => (await import('@/features/rooms/room-gone')).RoomGone)
const SwitcherSources = later(async () => (await import('./switcher-sources')).SwitcherSources)

export function RoomsRoot({ children }: { children: ReactNode }) {
  return (
    <Root tables={tables}>
      <Attendance />
      <Parts>{children}</Parts>
    </Root>
  )
}

function Attendance() {
  const { roomId } = useParams({ strict: false })
  useAway()
  usePresence(roomId ?? null)
  useReadAll()
  useFreshSwitcher()
  useVisited(roomId)
  const switching = useSwitcher((state) => state.open)
  return switching && <SwitcherSources />
}

/** Where Ctrl+K leads first. */
function useVisited(roomId: string | undefined): void {
  useEffect(() => {
    if (roomId) useVisits.getState().visit(roomId)
  }, [roomId])
}

/** Ctrl+K may be open before the first rooms have arrived. */
function useFreshSwitcher(): void {
  const { store } = useEngine()
  useEffect(
    () =>
      store.subscribe((now, before) => {
        if (now.rooms !== before.rooms) refreshSwitcher()
      }),
    [store],
  )
}

export function RoomPane({ roomId, panel, at }: RoomPlace) {
  const room = useSync((state) => state.rooms[roomId])
  const myId = useSync((state) => state.account?.id)
  const live = useSync((state) => state.phase === 'live')
  const onTyping = useTyping(roomId)
  const rights = useRights(roomId)
  if (!room || !myId) {
    if (live) return <RoomGone roomId={roomId} />
    return (
      <>
        <RoomHeader roomId={roomId} panel={panel} />
        <ListSkeleton />
      </>
    )
  }
  return (
    <>
      <RoomHeader roomId={roomId} panel={panel} />
      <Banners roomId={roomId} />
      <MessagePane
        roomId={roomId}
        myId={myId}
        title={roomTitle(room, myId)}
        at={at}
        rights={rights}
        below={<TypingLine talk={roomId} myId={myId} />}
        onTyping={onTyping}
      />
    </>
  )
}

function Banners({ roomId }: { roomId: string }) {
  return useRoomParts().banners.map((Part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
    <Part key={index} roomId={roomId} />
  ))
}

export function RightPane({
  roomId,
  panel,
  close,
}: RoomPlace & { panel: string; close: () => void }) {
  const [word = '', argument = null] = panel.split(/:(.*)/s)
  const Panel = panels[word] ?? panels.members
  return Panel ? <Panel key={panel} roomId={roomId} argument={argument} close={close} /> : null
}

export function ViewPane({ view }: { view: string }) {
  const View = views[view]
  return View ? <View /> : <HomePane />
}

export const RoomListPane = ListPane

export function HomePane() {
  return (
    <div className="flex grow items-center">
      <EmptyState level={1} title={m.rooms_home_title()}>
        {m.rooms_home_text()}
      </EmptyState>
    </div>
  )
}
