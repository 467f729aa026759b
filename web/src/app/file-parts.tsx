import { type ReactNode, useEffect, useMemo } from 'react'
import { filesBeside } from '@/features/files/apply'
import { AttachButton } from '@/features/files/attach-button'
import { FilesBody } from '@/features/files/files-body'
import { TrayEntry } from '@/features/files/tray-entry'
import { FilmEntry, SoundEntry } from '@/features/films/entry'
import { FileTilesContext } from '@/lib/file-parts'
import { later } from '@/lib/later'
import { useMe } from '@/lib/session'
import { type Uploads, UploadsContext } from '@/lib/uploads'
import type { Engine } from '@/sync/engine'
import { useEngine } from '@/sync/react'
import type { State } from '@/sync/state'

/** Files: their shares of rows and composer, and what sends them. */

export { AttachButton, FilesBody, filesBeside, TrayEntry }

export const PendingFiles = later(
  async () => (await import('@/features/files/pending-files')).PendingFiles,
)

const tiles = { film: FilmEntry, sound: SoundEntry }

/** Sends files while somebody is signed in; fetched with the first file, or where one still waits. */
export function FilesRoot({ children }: { children: ReactNode }) {
  const engine = useEngine()
  const me = useMe()
  const sender = useMemo(() => createSender(engine, me.id), [engine, me.id])
  useEffect(() => {
    const wake = (state: State) => {
      if (holdsFiles(state)) void sender.open().catch(() => undefined)
    }
    wake(engine.store.getState())
    const stop = engine.store.subscribe((now, before) => {
      if (now.outbox !== before.outbox || now.drafts !== before.drafts) wake(now)
    })
    return () => {
      stop()
      sender.close()
    }
  }, [engine, sender])
  return (
    <UploadsContext value={sender.open}>
      <FileTilesContext value={tiles}>{children}</FileTilesContext>
    </UploadsContext>
  )
}

const holdsFiles = ({ outbox, drafts }: State) =>
  outbox.some((intent) => intent.kind === 'send' && (intent.files?.length ?? 0) > 0) ||
  Object.values(drafts).some((draft) => (draft.files?.length ?? 0) > 0)

function createSender(engine: Engine, accountId: string) {
  let opened: Promise<Uploads> | null = null
  const ends: (() => void)[] = []
  let closed = false
  async function begin(): Promise<Uploads> {
    const [{ createUploads }, { joinUploads }] = await Promise.all([
      import('@/features/uploads/queue'),
      import('@/features/files/sending'),
    ])
    const uploads = createUploads(accountId)
    const leave = joinUploads(engine, uploads)
    ends.push(leave, uploads.close)
    if (closed) end()
    return uploads
  }
  function end(): void {
    for (const one of ends.splice(0)) one()
  }
  return {
    open: () => {
      opened ??= begin().catch((error: unknown) => {
        opened = null
        throw error
      })
      return opened
    },
    close: () => {
      closed = true
      end()
    },
  }
}
