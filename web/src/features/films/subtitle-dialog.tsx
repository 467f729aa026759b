import { type FormEvent, useId, useMemo, useState } from 'react'
import { errorText } from '@/i18n/errors'
import { currentFormatTag } from '@/i18n/locale'
import { m } from '@/i18n/paraglide/messages.js'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { Field } from '@/ui/Field'
import { Select } from '@/ui/Select'
import { TextField } from '@/ui/TextField'
import { toast } from '@/ui/toasts'
import type { File as RoomFile } from '@/wire/files'
import { addSubtitle } from './api'
import { languageIn, languages } from './languages'

export interface SubtitleDialogProps {
  file: RoomFile
  onClose: () => void
}

const LARGEST = 1 << 20 // bytes

/** A .srt or .vtt file, its language and what it is called. */
export function SubtitleDialog({ file, onClose }: SubtitleDialogProps) {
  const id = useId()
  const known = useMemo(languages, [])
  const [chosen, setChosen] = useState<File | null>(null)
  const [language, setLanguage] = useState(currentFormatTag().split('-')[0] ?? 'en')
  const [label, setLabel] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<string | null>(null)
  const name = known.find(({ tag }) => tag === language)?.name ?? language
  const take = (one: File | null) => {
    setChosen(one)
    setTrouble(one && one.size > LARGEST ? m.films_subtitles_too_large() : null)
    if (one) setLanguage((was) => languageIn(one.name, known) ?? was)
  }
  const save = async (event: FormEvent) => {
    event.preventDefault()
    if (!chosen || chosen.size > LARGEST || busy) return
    setBusy(true)
    setTrouble(null)
    try {
      const text = await readText(chosen)
      await addSubtitle(file.room_id, file.id, { language, label: label?.trim() || name, text })
      toast(m.films_subtitles_added())
      onClose()
    } catch (refusal) {
      setTrouble(errorText(refusal))
      setBusy(false)
    }
  }
  return (
    <Dialog
      size="small"
      title={m.films_subtitles_add_title()}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{m.ui_cancel()}</Button>
          <Button type="submit" form={id} tone="primary" busy={busy} disabled={!chosen}>
            {m.films_subtitles_save()}
          </Button>
        </>
      }
    >
      <form id={id} className="flex flex-col gap-4" onSubmit={(event) => void save(event)}>
        <Field label={m.films_subtitles_file()} {...(trouble && { error: trouble })}>
          {(control) => (
            <input
              {...control}
              type="file"
              accept=".srt,.vtt,text/vtt,application/x-subrip"
              className="w-full text-small file:me-3 file:min-h-(--control) file:cursor-pointer file:rounded-control file:border file:border-line-strong file:bg-raised file:px-4 file:font-semibold file:text-ink hover:file:bg-hover"
              onChange={(event) => take(event.currentTarget.files?.[0] ?? null)}
            />
          )}
        </Field>
        <Select
          label={m.films_subtitles_language()}
          value={language}
          options={known.map((one) => ({ value: one.tag, label: one.name }))}
          onChange={setLanguage}
        />
        <TextField
          label={m.films_subtitles_label()}
          hint={m.films_subtitles_label_hint()}
          value={label ?? name}
          maxLength={60}
          onChange={(event) => setLabel(event.currentTarget.value)}
        />
      </form>
    </Dialog>
  )
}

/** Old files are not in UTF-8: what cannot be that is taken for Western European. */
async function readText(file: File): Promise<string> {
  const bytes = await file.arrayBuffer()
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}
