import * as tus from 'tus-js-client'
import { refreshSession } from '@/lib/refresh'
import { judge, type Outcome, readRefusal } from './trouble'

/** Proxies in front of servers commonly take 100 MB in one request, and no more. */
const CHUNK_BYTES = 50 * 2 ** 20
/** So small that bytes and name go in one request. */
const ONE_REQUEST_BYTES = 2 ** 20
/** A session's access lasts 15 minutes; a refusal in the middle would cost a chunk. */
const RENEW_AFTER_MS = 10 * 60_000

export interface Load {
  blob: Blob
  roomId: string
  name: string
  mediaType: string
  /** Where it was begun before. */
  url: string | null
  onUrl(url: string): void
  onProgress(sent: number): void
}

/** One attempt, to be stopped at any time; it settles all the same, and never rejects. */
export interface Attempt {
  outcome: Promise<Outcome>
  stop(): void
}

/** What carries bytes to the server. */
export interface Carrier {
  send(load: Load): Attempt
  /** Tells the server that nobody wants it any more. */
  drop(url: string): void
}

export function tusCarrier(now: () => number = Date.now): Carrier {
  let renewedAt = now()
  async function fresh(): Promise<void> {
    if (now() - renewedAt < RENEW_AFTER_MS) return
    await refreshSession(renewedAt)
    renewedAt = now()
  }
  return {
    send: (load) => send(load, fresh),
    drop(url) {
      tus.Upload.terminate(url, { retryDelays: [1_000, 5_000] }).catch(() => undefined)
    },
  }
}

function send(load: Load, fresh: () => Promise<void>): Attempt {
  let stop = () => {}
  const outcome = new Promise<Outcome>((resolve) => {
    let stopped = false
    const upload = new tus.Upload(load.blob as File, {
      endpoint: new URL('/api/v1/uploads', location.origin).href,
      uploadUrl: load.url,
      metadata: { room_id: load.roomId, filename: load.name, filetype: load.mediaType },
      chunkSize: CHUNK_BYTES,
      uploadDataDuringCreation: load.blob.size <= ONE_REQUEST_BYTES,
      // Where it grows is kept with the upload, and when to try again is decided there too.
      storeFingerprintForResuming: false,
      retryDelays: null,
      onBeforeRequest: fresh,
      onUploadUrlAvailable: () => upload.url && load.onUrl(upload.url),
      onProgress: load.onProgress,
      onSuccess: ({ lastResponse }) => {
        const fileId = lastResponse.getHeader('Tertulia-File')
        resolve(fileId ? { kind: 'done', fileId } : { kind: 'again', after: null, signIn: false })
      },
      onError: (error) => resolve(outcomeOf(error)),
    })
    stop = () => {
      stopped = true
      resolve({ kind: 'stopped' })
      upload.abort().catch(() => undefined)
    }
    // A file that was changed or taken away since is not read any more. The request itself would
    // say no more than that the network failed.
    load.blob
      .slice(0, 1)
      .arrayBuffer()
      .then(
        () => stopped || upload.start(),
        () => resolve({ kind: 'failed', error: { code: 'file_unreadable' } }),
      )
  })
  return { outcome, stop: () => stop() }
}

function outcomeOf(error: Error | tus.DetailedError): Outcome {
  const response = 'originalResponse' in error ? error.originalResponse : null
  if (!response) return judge(null)
  return judge(
    readRefusal(response.getStatus(), response.getBody(), (name) => response.getHeader(name)),
  )
}
