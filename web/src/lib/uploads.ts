import { createContext, useContext } from 'react'
import { create, type StoreApi } from 'zustand'

/** Bytes on their way to the server, and how far they are. */
export interface Upload {
  /** Ours, for life: a UUIDv7. */
  id: string
  room_id: string
  name: string
  size: number
  /** What the browser takes it for. */
  media_type: string
  /** Bytes that the server has. */
  sent: number
  /** Bytes a second; null until that can be told. */
  speed: number | null
  state: 'waiting' | 'running' | 'paused' | 'done' | 'failed'
  /** The file it became, once it is done. */
  file_id: string | null
  error: UploadError | null
}

export interface UploadError {
  code: string
  /** Bytes that would still fit, where a quota was in the way, or the most one file may have. */
  left?: number | null
  retry_after?: number | null
}

/** What sends files, one behind the other or some at once, through reloads and dropped lines. */
export interface Uploads {
  store: Pick<StoreApi<{ all: Readonly<Record<string, Upload>> }>, 'getState' | 'subscribe'>
  /** Begins at once, or as soon as it can. Gives the id. */
  add(roomId: string, file: File): string
  pause(id: string): void
  resume(id: string): void
  /** After a failure. */
  retry(id: string): void
  /** In any state; the server is told. */
  cancel(id: string): void
  /** It was sent with a message: what is kept of it here may go. */
  forget(id: string): void
  /** The bytes, where this browser still has them. */
  blob(id: string): Promise<Blob | null>
}

/** A file of a message in the making, in its place among the others. */
export interface Attached {
  /** The id of its upload. */
  upload: string
  /** Null while it is on its way. */
  file_id: string | null
  alt: string
  name: string
  size: number
  media_type: string
  /** Of a picture, in pixels, once it was looked at. */
  width?: number
  height?: number
  /** A recording: alone, and said as a voice message. */
  voice?: { duration_ms: number; waveform: number[] }
  /** The server looked inside, and it must not be sent. */
  refused?: 'infected' | 'failed'
}

/** What sends files is fetched when the first one is to be sent. */
export const UploadsContext = createContext<() => Promise<Uploads>>(() =>
  Promise.reject(new Error('no uploads here')),
)

export const useUploads = () => useContext(UploadsContext)

/** How far each upload is, for whoever shows it. */
export const useUploadStates = create<{ all: Readonly<Record<string, Upload>> }>()(() => ({
  all: {},
}))

export const useUpload = (id: string): Upload | undefined =>
  useUploadStates((state) => state.all[id])
