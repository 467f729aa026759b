import { create } from 'zustand'

interface ConnectionState {
  /** `connecting` while the first connection or a new one is being made. */
  state: 'online' | 'connecting' | 'offline'
  /** Messages waiting in the outbox. */
  queued: number
}

/** Written by sync, shown by the banner in app. Begins `online` so that a start shows no alarm. */
export const useConnection = create<ConnectionState>()(() => ({ state: 'online', queued: 0 }))
