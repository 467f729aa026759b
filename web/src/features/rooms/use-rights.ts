import { useShallow } from 'zustand/react/shallow'
import type { Rights } from '@/lib/row-parts'
import { useSync } from '@/sync/react'
import { rightsIn } from './policy'

/** What I may do with this room's messages; the same object until something of it changes. */
export function useRights(roomId: string): Rights {
  return useSync(
    useShallow((state) => {
      const room = state.rooms[roomId]
      return room ? rightsIn(room, Date.now()) : none
    }),
  )
}

const none: Rights = {
  post: false,
  reply: false,
  react: false,
  edit: false,
  delete: false,
  delete_any: false,
}
