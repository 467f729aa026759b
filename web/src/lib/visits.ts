import { create } from 'zustand'
import { persist } from 'zustand/middleware'

const KEPT = 30

interface Visits {
  /** Room ids, the last one opened first. */
  rooms: readonly string[]
  visit: (roomId: string) => void
}

/** Where I was lately, on this device. Ids alone: they open nothing to others who sign in here. */
export const useVisits = create<Visits>()(
  persist(
    (set) => ({
      rooms: [],
      visit: (roomId) =>
        set(({ rooms }) => ({
          rooms: [roomId, ...rooms.filter((one) => one !== roomId)].slice(0, KEPT),
        })),
    }),
    { name: 'tertulia.visits', version: 1, partialize: ({ rooms }) => ({ rooms }) },
  ),
)
