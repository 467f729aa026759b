import type { Attached, Upload, Uploads } from '@/lib/uploads'
import { useUploadStates } from '@/lib/uploads'
import type { Engine } from '@/sync/engine'
import { browserClock, type Clock } from '@/sync/ports'
import type { SendIntent, State } from '@/sync/state'
import { type ErrorCode, errorStatus } from '@/wire/errors'
import type { FileChecked, File as Known } from '@/wire/files'
import { dropPreview } from './previews'

/**
 * A file that has arrived waits this long to have been looked at: pictures mostly are by then, and
 * their row is there at once as high as it stays. What takes longer is sent as it is.
 */
const CHECK_PATIENCE_MS = 4_000
/** Files heard of before their upload knew that it was done. */
const KNOWN_KEPT = 50

type Words = Pick<State, 'outbox' | 'drafts'>

/** Everything attached, in drafts and in messages on their way. */
export const attachedIn = ({ outbox, drafts }: Words): readonly Attached[] => [
  ...outbox.flatMap((intent) => (intent.kind === 'send' ? (intent.files ?? []) : [])),
  ...Object.values(drafts).flatMap((draft) => draft.files ?? []),
]

const sends = (state: Words): readonly SendIntent[] =>
  state.outbox.filter((intent): intent is SendIntent => intent.kind === 'send')

/** Tells drafts and messages what became of their uploads, and uploads when nobody wants them. */
export function joinUploads(
  engine: Pick<Engine, 'store' | 'words' | 'onFact'>,
  uploads: Uploads,
  clock: Clock = browserClock,
): () => void {
  const { store, words } = engine
  const known = new Map<string, Known>()
  const patience = new Map<string, () => void>()

  const waitsFor = (upload: string) =>
    attachedIn(store.getState()).some(
      (one) => one.upload === upload && one.file_id === null && one.refused === undefined,
    )

  function look({ all }: { all: Readonly<Record<string, Upload>> }): void {
    useUploadStates.setState({ all })
    for (const upload of Object.values(all)) {
      if (upload.state === 'done' && upload.file_id && waitsFor(upload.id)) arrived(upload)
      else if (upload.state === 'failed') stop(upload.id, codeOf(upload))
    }
  }

  function arrived({ id, file_id }: Upload): void {
    const file = known.get(file_id ?? '')
    if (file) checked(id, file)
    else if (!patience.has(id)) {
      patience.set(
        id,
        clock.after(CHECK_PATIENCE_MS, () => words.know(id, { file_id })),
      )
    }
  }

  /** A message cannot go with a file that cannot: it says so, and those behind it go on. */
  function stop(upload: string, why: ErrorCode): void {
    for (const intent of holding(store.getState(), upload)) {
      if (intent.state === 'queued') words.stop(intent.id, why)
    }
  }

  function checked(upload: string, file: Known): void {
    patience.get(upload)?.()
    patience.delete(upload)
    if (file.state === 'infected' || file.state === 'failed') {
      words.know(upload, { refused: file.state })
      stop(upload, 'conflict')
      return
    }
    const { width = null, height = null } = file.look ?? {}
    const size = width !== null && height !== null ? { width, height } : {}
    words.know(upload, { file_id: file.id, media_type: file.media_type, ...size })
  }

  function heard(file: Known): void {
    known.set(file.id, file)
    const [oldest] = known.keys()
    if (known.size > KNOWN_KEPT && oldest !== undefined) known.delete(oldest)
    const upload = Object.values(uploads.store.getState().all).find(
      (one) => one.file_id === file.id,
    )
    if (upload) checked(upload.id, file)
  }

  /** Sent again after a failure: so are its files. */
  function retry(now: Words, before: Words): void {
    const failed = new Set(
      before.outbox.filter((one) => one.state === 'failed').map(({ id }) => id),
    )
    const { all } = uploads.store.getState()
    for (const intent of sends(now)) {
      if (intent.state !== 'queued' || !failed.has(intent.id)) continue
      for (const { upload, refused } of intent.files ?? []) {
        if (all[upload]?.state === 'failed') uploads.retry(upload)
        // No trying makes it another file, and those behind it must not wait for that.
        if (refused) stop(upload, 'conflict')
      }
    }
  }

  /** Sent: what is kept of it here may go. Thrown away: the server need not have it either. */
  function release(now: Words, before: Words): void {
    const wanted = new Set(attachedIn(now).map((one) => one.upload))
    for (const intent of sends(before)) {
      for (const { upload } of intent.files ?? []) {
        if (wanted.has(upload)) continue
        dropPreview(upload)
        if (intent.state === 'sent' || intent.state === 'sending') uploads.forget(upload)
        else uploads.cancel(upload)
      }
    }
  }

  const ends = [
    uploads.store.subscribe(look),
    engine.onFact((event) => {
      if (event.type === 'file.checked') heard((event.data as FileChecked).file)
    }),
    store.subscribe((now, before) => {
      if (now.outbox !== before.outbox) {
        retry(now, before)
        release(now, before)
      }
      if (now.outbox !== before.outbox || now.drafts !== before.drafts) {
        look(uploads.store.getState())
      }
    }),
  ]
  look(uploads.store.getState())
  return () => {
    for (const end of ends) end()
    for (const enough of patience.values()) enough()
  }
}

const holding = (state: Words, upload: string): readonly SendIntent[] =>
  sends(state).filter((intent) => intent.files?.some((file) => file.upload === upload))

/** What a row says of it: the nearest of the codes that a command may be refused with. */
function codeOf({ error }: Upload): ErrorCode {
  const code = error?.code ?? ''
  if (code === 'quota_exceeded') return 'storage_full'
  return code in errorStatus ? (code as ErrorCode) : 'unavailable'
}
