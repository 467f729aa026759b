import { create } from 'zustand'

/** How I stand to others; `features/presence` keeps it, the foot of the side shows it. */
export const useOwnPresence = create<{ quiet: boolean }>()(() => ({ quiet: false }))
