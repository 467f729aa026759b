import { useParams } from '@tanstack/react-router'
import { type ReactNode, useEffect } from 'react'
import { messagesApply } from '@/features/messages/apply'
import { ListSkeleton } from '@/features/messages/list-skeleton'
import { MessagePane } from '@/features/messages/message-pane'
import { TypingLine } from '@/features/presence/typing-line'
import { useAway } from '@/features/presence/use-away'
import { usePresence } from '@/features/presence/use-presence'
import { useTyping } from '@/features/presence/use-typing'
import { roomsApply } from '@/features/rooms/apply'
import { roomTitle } from '@/features/rooms/naming'
import { may } from '@/features/rooms/policy'
import { RoomHeader } from '@/features/rooms/room-header'
import { RoomListPane as ListPane } from '@/features/rooms/room-list-pane'
import { RoomsRoot as Root } from '@/features/rooms/rooms-root'
import { m } from '@/i18n/paraglide/messages.js'
import { later } from '@/lib/later'
import type { RoomPlace } from '@/lib/slots'
import { refreshSwitcher } from '@/lib/switcher'
import { accountsApply } from '@/sync/accounts-apply'
import type { Tables } from '@/sync/dispatch'
import { useEngine, useSync } from '@/sync/react'
import { EmptyState } from '@/ui/EmptyState'

const MemberPanel = later(async () => (await import('@/features/rooms/member-panel')).MemberPanel)
const SettingsPanel = later(
  async () => (await import('@/features/rooms/settings-panel')).SettingsPanel,
)
const RoomGone = later(async () => (await import('@/features/rooms/room-gone')).RoomGone)

/** Every feature's share of the reducer. */
const tables: Tables = { apply: [accountsApply, roomsApply, messagesApply], beside: [] }

export function RoomsRoot({ children }: { children: ReactNode }) {
  return (
    <Root tables={tables}>
      <Attendance />
      {children}
    </Root>
  )
}

function Attendance() {
  const { roomId } = useParams({ strict: false })
  useAway()
  usePresence(roomId ?? null)
  useFreshSwitcher()
  return null
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
      <MessagePane
        roomId={roomId}
        myId={myId}
        title={roomTitle(room, myId)}
        at={at}
        canPost={may('post', room.room, room.me.role)}
        canDeleteAny={may('delete_any', room.room, room.me.role)}
        below={<TypingLine roomId={roomId} myId={myId} />}
        onTyping={onTyping}
      />
    </>
  )
}

export function RightPane({
  roomId,
  panel,
  close,
}: RoomPlace & { panel: string; close: () => void }) {
  if (panel === 'settings') return <SettingsPanel roomId={roomId} close={close} />
  return <MemberPanel roomId={roomId} close={close} />
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
