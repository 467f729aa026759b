import type { ReactNode } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import type { RoomPlace } from '@/lib/slots'
import { EmptyState } from '@/ui/EmptyState'

export function RoomsRoot({ children }: { children: ReactNode }) {
  return children
}

export function RoomListPane(_: { roomId: string | null }) {
  return null
}

export function RoomPane({ roomId }: RoomPlace) {
  return <EmptyState title={roomId} />
}

export function RightPane({ panel }: RoomPlace & { panel: string; close: () => void }) {
  return <EmptyState title={panel} />
}

export function HomePane() {
  return <EmptyState title={m.app_home_title()}>{m.app_home_text()}</EmptyState>
}
