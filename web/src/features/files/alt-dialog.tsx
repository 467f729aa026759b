import { useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import type { Attached } from '@/lib/uploads'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { TextArea } from '@/ui/TextArea'
import { usePreviews } from './previews'

/** The server's bound, in characters. */
const MAX_ALT = 1_000

interface AltDialogProps {
  file: Attached
  onSave: (alt: string) => void
  onClose: () => void
}

/** What a picture shows, in words, for those who do not see it. */
export function AltDialog({ file, onSave, onClose }: AltDialogProps) {
  const [alt, setAlt] = useState(file.alt)
  const preview = usePreviews((state) => state.all[file.upload])
  const save = () => {
    onSave(alt.trim())
    onClose()
  }
  return (
    <Dialog
      title={m.files_alt_title()}
      description={m.files_alt_text()}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{m.ui_cancel()}</Button>
          <Button tone="primary" onClick={save}>
            {m.files_alt_save()}
          </Button>
        </>
      }
    >
      {preview && (
        <img
          src={preview.url}
          alt=""
          className="mx-auto mb-4 max-h-64 rounded-control object-contain"
        />
      )}
      <TextArea
        autoFocus
        label={m.files_alt_label()}
        value={alt}
        maxLength={MAX_ALT}
        onChange={(event) => setAlt(event.target.value)}
      />
    </Dialog>
  )
}
