import type { RoomRoute } from '@/lib/slots'
import * as room from './room-screen'

/** Where the shell meets the rooms: what they lack or spell otherwise fails to compile here. */
export const { RoomsRoot, RoomListPane, RoomPane, RightPane, ViewPane, HomePane }: RoomRoute = room
