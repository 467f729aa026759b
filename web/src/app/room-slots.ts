import * as room from '@/features/rooms/room-route'
import type { RoomRoute } from '@/lib/slots'

/** Where the shell meets the rooms feature: what it lacks or spells otherwise fails to compile here. */
export const { RoomsRoot, RoomListPane, RoomPane, RightPane, HomePane }: RoomRoute = room
