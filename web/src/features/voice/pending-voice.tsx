import { XIcon } from 'lucide-react'
import { useEffect, useState } from 'react'
import { formatNumber } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { type Attached, useUpload, useUploads } from '@/lib/uploads'
import { useEngine } from '@/sync/react'
import { IconButton } from '@/ui/IconButton'
import { keepRecording, nameRecording, urlOfUpload } from './own-recordings'
import { Sound } from './sound'

/** A voice message of mine that is on its way: it sounds from here, and can be held back. */
export function PendingVoice({ id, file }: { id: string; file: Attached }) {
  const { words } = useEngine()
  const upload = useUpload(file.upload)
  const src = useOwn(file)
  const { duration_ms, waveform } = file.voice ?? { duration_ms: 0, waveform: [] }
  const track = {
    key: `pending ${file.upload}`,
    src: src ?? '',
    title: m.voice_on_its_way(),
    artist: '',
    duration_ms,
  }
  const part = upload && upload.size > 0 ? upload.sent / upload.size : 0
  return (
    <figure className="my-1 w-96 max-w-full rounded-card border border-line bg-raised px-3 py-2">
      <div className="flex items-center gap-2">
        <Sound track={track} wave={waveform} label={m.voice_on_its_way()} disabled={src === null} />
        {file.file_id === null && (
          <IconButton
            size="small"
            label={m.voice_drop()}
            icon={<XIcon aria-hidden="true" />}
            onClick={() => words.discard(id)}
          />
        )}
      </div>
      {file.file_id === null && (
        <p className="text-caption text-muted">
          {upload?.state === 'failed'
            ? m.voice_not_sent()
            : m.files_row_progress({
                part: formatNumber(part, { style: 'percent', maximumFractionDigits: 0 }),
              })}
        </p>
      )}
    </figure>
  )
}

/** Where its sound lies in this browser, also after a reload. */
function useOwn({ upload, file_id }: Attached): string | null {
  const open = useUploads()
  const [src, setSrc] = useState(() => urlOfUpload(upload))
  useEffect(() => {
    if (file_id) nameRecording(upload, file_id)
  }, [upload, file_id])
  useEffect(() => {
    if (src) return
    let gone = false
    const find = async () => {
      const blob = await (await open()).blob(upload)
      if (blob && !gone) setSrc(keepRecording(upload, blob))
    }
    find().catch(() => undefined) // without its sound the row says the rest
    return () => {
      gone = true
    }
  }, [open, upload, src])
  return src
}
