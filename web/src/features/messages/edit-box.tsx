import { useEffect, useRef, useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { usePreferences } from '@/lib/preferences'
import { Button } from '@/ui/Button'
import { useAutosize } from '@/ui/TextArea'
import { sendMessageLimits } from '@/wire/limits'
import { belongsToIme, sends } from './composer-keys'

interface EditBoxProps {
  text: string
  /** Of a caption: its files say enough. */
  mayBeEmpty?: boolean
  onSave: (text: string) => void
  onCancel: () => void
}

/** Rewrites a message where it stands. */
export function EditBox({ text, mayBeEmpty = false, onSave, onCancel }: EditBoxProps) {
  const area = useRef<HTMLTextAreaElement>(null)
  const [value, setValue] = useState(text)
  const enterSends = usePreferences((state) => state.enterSends)
  useAutosize(area, value, 16)
  useEffect(() => {
    const field = area.current
    field?.focus()
    field?.setSelectionRange(field.value.length, field.value.length)
  }, [])
  const save = () => {
    const written = value.trim()
    if ((written === '' && !mayBeEmpty) || written === text) onCancel()
    else onSave(written)
  }
  return (
    <div className="my-1 rounded-control border border-line-strong bg-raised p-2">
      <textarea
        ref={area}
        rows={1}
        dir="auto"
        aria-label={m.messages_edit_label()}
        value={value}
        maxLength={sendMessageLimits.text.maxLength}
        onChange={(event) => setValue(event.target.value)}
        onKeyDown={(event) => {
          // The keys of the list must not hear what is written here.
          event.stopPropagation()
          const key = event.nativeEvent
          if (event.key === 'Escape' && !belongsToIme(key)) onCancel()
          else if (sends(key, event.currentTarget, enterSends)) save()
          else return
          event.preventDefault()
        }}
        className="block w-full resize-none bg-transparent px-1.5 py-1 outline-none"
      />
      <div className="mt-1 flex items-center justify-end gap-2">
        <span className="me-auto ps-1.5 text-caption text-faint coarse:hidden">
          {m.messages_edit_hint()}
        </span>
        <Button size="small" tone="quiet" onClick={onCancel}>
          {m.ui_cancel()}
        </Button>
        <Button
          size="small"
          tone="primary"
          disabled={value.trim() === '' && !mayBeEmpty}
          onClick={save}
        >
          {m.messages_save()}
        </Button>
      </div>
    </div>
  )
}
