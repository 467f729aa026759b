import { PlusIcon, Trash2Icon } from 'lucide-react'
import { useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { later } from '@/lib/later'
import { AlertDialog } from '@/ui/AlertDialog'
import { Button } from '@/ui/Button'
import { IconButton } from '@/ui/IconButton'
import type { File } from '@/wire/files'
import type { Film, FilmSubtitle } from '@/wire/films'
import { removeSubtitle } from './api'
import type { SubtitleDialogProps } from './subtitle-dialog'

const SubtitleDialog = later<SubtitleDialogProps>(
  async () => (await import('./subtitle-dialog')).SubtitleDialog,
)

/** For who sent the film and who keeps order: subtitles come and go. */
export function SubtitleTools({ file, film }: { file: File; film: Film }) {
  const [adding, setAdding] = useState(false)
  const [doomed, setDoomed] = useState<FilmSubtitle | null>(null)
  return (
    <>
      {film.subtitles
        .filter((one) => !one.embedded)
        .map((one) => (
          <IconButton
            key={one.id}
            size="small"
            label={m.films_subtitles_remove({ label: one.label })}
            icon={<Trash2Icon aria-hidden="true" className="size-4!" />}
            onClick={() => setDoomed(one)}
          />
        ))}
      <Button
        size="small"
        className="rounded-full!"
        icon={<PlusIcon aria-hidden="true" className="size-4" />}
        onClick={() => setAdding(true)}
      >
        {m.films_subtitles_add()}
      </Button>
      {adding && <SubtitleDialog file={file} onClose={() => setAdding(false)} />}
      {doomed && (
        <AlertDialog
          title={m.films_subtitles_remove_ask({ label: doomed.label })}
          description={m.films_subtitles_remove_text()}
          action={m.films_subtitles_remove_now()}
          onConfirm={async () => {
            await removeSubtitle(file.room_id, file.id, doomed.id)
          }}
          onClose={() => setDoomed(null)}
        />
      )}
    </>
  )
}
