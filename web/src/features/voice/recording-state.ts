import { create } from 'zustand'

/** Why nothing can be recorded. */
export type Why = 'denied' | 'none' | 'busy' | 'insecure' | 'failed'

/** What was recorded. */
export interface Take {
  blob: Blob
  duration_ms: number
  waveform: number[]
}

/** The one recording in the making. It stays until it is sent or thrown away, wherever I go. */
export interface Recording {
  roomId: string
  threadId: string | null
  /** `recorded` is over: it can be heard, sent or thrown away. */
  phase: 'asking' | 'recording' | 'paused' | 'recorded' | 'refused'
  /** The button is held down: letting go sends. */
  held: boolean
  /** And it is held over a place where letting go throws away. */
  away: boolean
  duration_ms: number
  /** Loudness so far, one in each `SAMPLE_MS`. */
  wave: readonly number[]
  why: Why | null
  /** Why it ended by itself. */
  notice: 'longest' | 'unplugged' | null
  take: Take | null
}

export const useRecording = create<{ now: Recording | null }>()(() => ({ now: null }))

export const changeRecording = (fields: Partial<Recording>): void =>
  useRecording.setState(({ now }) => ({ now: now && { ...now, ...fields } }))
