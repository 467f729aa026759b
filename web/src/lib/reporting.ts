import { create } from 'zustand'

/** What is to be reported: a message of a room, or somebody, in a room or (`roomId` null) at large. */
export interface Reported {
  roomId: string | null
  messageId?: string
  person?: { id: string; name: string }
}

/** The question is drawn by `features/moderation`, whoever asks it. */
export const useReported = create<{ reported: Reported | null }>()(() => ({ reported: null }))

export const askReport = (reported: Reported | null) => useReported.setState({ reported })
