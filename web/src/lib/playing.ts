import { create } from 'zustand'

/** The message whose film or recording plays, or stands open: its row stays while others go. */
export const usePlaying = create<{ messageId: string | null }>()(() => ({ messageId: null }))
