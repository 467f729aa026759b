import { m } from '@/i18n/paraglide/messages.js'
import type { Attached, Uploads } from '@/lib/uploads'
import type { Engine } from '@/sync/engine'
import { toast } from '@/ui/toasts'
import { isPicture, makePreview } from './previews'
import { fitting, MOST_FILES } from './tray-state'

interface Place {
  roomId: string
  threadId: string | null
}

/** Puts files beside the words of a draft and begins to send them. */
export function addFiles(
  engine: Engine,
  uploads: Uploads,
  { roomId, threadId }: Place,
  files: readonly File[],
): void {
  const held = engine.store.getState().drafts[threadId ?? roomId]?.files ?? []
  const { taken, left } = fitting(held.length, files)
  if (left > 0) toast(m.files_too_many({ count: MOST_FILES, left }), { tone: 'danger' })
  const fresh = taken.map((file): Attached => {
    const { name, size, type } = file
    return {
      upload: uploads.add(roomId, file),
      file_id: null,
      alt: '',
      name,
      size,
      media_type: type || 'application/octet-stream',
    }
  })
  if (fresh.length === 0) return
  engine.words.attach(roomId, threadId, [...held, ...fresh])
  fresh.forEach((one, index) => {
    const file = taken[index]
    if (file && isPicture(one.media_type)) void measure(engine, one.upload, file)
  })
}

/** Shows what a picture looks like, and remembers its size: its row will not jump. */
export async function measure(engine: Engine, upload: string, blob: Blob): Promise<void> {
  const preview = await makePreview(upload, blob)
  if (preview) engine.words.know(upload, { width: preview.width, height: preview.height })
}
