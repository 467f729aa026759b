import { useEffect, useRef, useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import type { ComposerPart } from '@/lib/composer-parts'
import { openOverlay } from '@/lib/overlays'
import { type Attached, useUploadStates, useUploads } from '@/lib/uploads'
import { useEngine, useSync } from '@/sync/react'
import { measure } from './adding'
import { AltDialog } from './alt-dialog'
import { dropPreview, isPicture, usePreviews } from './previews'
import { Tile, type TileDeeds } from './tile'
import { moved, progressOf, without } from './tray-state'
import { uploadErrorText } from './words'

const none: readonly Attached[] = []

/** Over the words: what goes with them, in the order it will be seen in. */
export function Tray({ roomId, threadId, focus }: ComposerPart) {
  const engine = useEngine()
  const uploads = useUploads()
  const files = useSync((state) => state.drafts[threadId ?? roomId]?.files ?? none)
  const all = useUploadStates((state) => state.all)
  const [said, setSaid] = useState('')
  const list = useRef<HTMLUListElement>(null)
  const dragged = useRef<string | null>(null)
  usePreviewsOf(files)
  const set = (next: readonly Attached[]) => engine.words.attach(roomId, threadId, next)
  const move = (upload: string, to: number) => {
    const next = moved(files, upload, to)
    if (next === files) return
    set(next)
    const at = next.findIndex((file) => file.upload === upload)
    setSaid(m.files_moved({ place: at + 1, count: next.length }))
    // The tile is another element's neighbour now; the key keeps it, the focus does not always.
    requestAnimationFrame(() => focusTile(list.current, at))
  }
  const remove = (file: Attached, at: number) => {
    set(without(files, file.upload))
    dropPreview(file.upload)
    void uploads().then((open) => open.cancel(file.upload))
    setSaid(m.files_removed({ name: file.name }))
    if (files.length === 1) focus()
    else requestAnimationFrame(() => focusTile(list.current, Math.min(at, files.length - 2)))
  }
  const deedsOf = (file: Attached, at: number): TileDeeds => ({
    describe: () =>
      openOverlay((close) => (
        <AltDialog
          file={file}
          onSave={(alt) => engine.words.know(file.upload, { alt })}
          onClose={close}
        />
      )),
    remove: () => remove(file, at),
    toggle: () =>
      void uploads().then((open) => {
        const state = all[file.upload]?.state
        if (state === 'failed') open.retry(file.upload)
        else if (state === 'paused') open.resume(file.upload)
        else open.pause(file.upload)
      }),
    move: (step) => move(file.upload, at + step),
    drag: () => {
      dragged.current = file.upload
    },
    over: () => {
      if (dragged.current && dragged.current !== file.upload) {
        const next = moved(files, dragged.current, at)
        if (next !== files) set(next)
      }
    },
    drop: () => {
      dragged.current = null
    },
  })
  if (files.length === 0) return null
  const { failed } = progressOf(files, all)
  return (
    <div className="border-b border-line px-3 pt-3 pb-2">
      <ul
        ref={list}
        aria-label={m.files_tray()}
        className="-mx-2 -mt-3 flex gap-3 overflow-x-auto px-2 pt-3 pb-1"
      >
        {files.map((file, at) => (
          <Tile
            key={file.upload}
            file={file}
            upload={all[file.upload]}
            deeds={deedsOf(file, at)}
            last={at === files.length - 1}
          />
        ))}
      </ul>
      <FailedWords failed={failed} files={files} />
      <p className="sr-only" role="status">
        {said}
      </p>
    </div>
  )
}

function FailedWords({
  failed,
  files,
}: {
  failed: ReturnType<typeof progressOf>['failed']
  files: readonly Attached[]
}) {
  const refused = files.filter((file) => file.refused)
  const lines = [
    ...failed.map((upload) => ({
      id: upload.id,
      text: m.files_failed_why({ name: upload.name, why: uploadErrorText(upload.error) }),
    })),
    ...refused.map((file) => ({
      id: file.upload,
      text: m.files_failed_why({
        name: file.name,
        why: file.refused === 'infected' ? m.files_infected_unsent() : m.files_damaged_unsent(),
      }),
    })),
  ]
  return (
    <div role="alert">
      {lines.map((line) => (
        <p key={line.id} className="mt-1 text-small text-danger-ink" dir="auto">
          {line.text}
        </p>
      ))}
    </div>
  )
}

/** After a reload the pictures are drawn again, from what the queue kept. */
function usePreviewsOf(files: readonly Attached[]): void {
  const engine = useEngine()
  const uploads = useUploads()
  const asked = useRef(new Set<string>())
  const missing = files
    .filter((file) => isPicture(file.media_type) && !asked.current.has(file.upload))
    .filter((file) => usePreviews.getState().all[file.upload] === undefined)
    .map((file) => file.upload)
    .join(' ')
  useEffect(() => {
    for (const upload of missing.split(' ').filter(Boolean)) {
      asked.current.add(upload)
      void uploads()
        .then((open) => open.blob(upload))
        .then((blob) => blob && measure(engine, upload, blob))
        .catch(() => undefined)
    }
  }, [missing, engine, uploads])
}

const focusTile = (list: HTMLElement | null, at: number) =>
  list?.children[at]?.querySelector<HTMLElement>('[data-tile]')?.focus()
