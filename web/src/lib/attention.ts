import { create } from 'zustand'

interface Attention {
  /** Rooms with something unread. */
  unread: number
  /** Mentions and direct messages: the number people see. */
  mentions: number
  /** Title of the room in front; null outside rooms. */
  place: string | null
}

/** Written by the rooms feature; app turns it into the title, the favicon and the app badge. */
export const useAttention = create<Attention>()(() => ({ unread: 0, mentions: 0, place: null }))
