import { CopyIcon, DownloadIcon, FilesIcon, LinkIcon } from 'lucide-react'
import { m } from '@/i18n/paraglide/messages.js'
import { copyText } from '@/lib/clipboard'
import { contentUrl } from '@/lib/files'
import type { RowAction, RowPart } from '@/lib/row-parts'
import { toast } from '@/ui/toasts'
import type { File } from '@/wire/files'
import { filesBody, isPictureFile, shownIn } from './sorting'

/** What may be done with the files of a message. */
export const filesActions =
  (openPanel: (roomId: string, panel: string) => void) =>
  ({ message }: RowPart): readonly RowAction[] => {
    if (!filesBody(message.body)) return []
    const files = shownIn(message).map(({ file }) => file)
    const ready = files.filter((file) => file.state === 'ready')
    const [first] = ready
    const actions: RowAction[] = []
    if (first) {
      actions.push({
        id: 'files.download',
        label: m.files_download(),
        icon: <DownloadIcon aria-hidden="true" />,
        run: () => download(ready),
      })
    }
    if (first && ready.length === 1) {
      if (isPictureFile(first)) {
        actions.push({
          id: 'files.copy',
          label: m.files_copy_picture(),
          icon: <CopyIcon aria-hidden="true" />,
          run: () => void copyPicture(first),
        })
      }
      actions.push({
        id: 'files.link',
        label: m.files_copy_link(),
        icon: <LinkIcon aria-hidden="true" />,
        run: () => void copyLink(first),
      })
    }
    actions.push({
      id: 'files.all',
      label: m.files_show_all(),
      icon: <FilesIcon aria-hidden="true" />,
      run: () => openPanel(message.room_id, first ? `files:${first.id}` : 'files'),
    })
    return actions
  }

/** One after the other: a browser asks once whether several may come. */
function download(files: readonly File[]): void {
  for (const file of files) {
    const link = document.createElement('a')
    link.href = contentUrl(file.room_id, file.id)
    link.download = file.name
    link.click()
  }
}

async function copyLink(file: File): Promise<void> {
  await copyText(`${location.origin}${contentUrl(file.room_id, file.id)}`)
  toast(m.files_link_copied())
}

/** Clipboards take PNG alone. The promise goes in as it is: Safari wants it while the press lasts. */
async function copyPicture(file: File): Promise<void> {
  try {
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': asPng(file) })])
    toast(m.files_copied())
  } catch {
    toast(m.files_copy_failed(), { tone: 'danger' })
  }
}

async function asPng(file: File): Promise<Blob> {
  const answer = await fetch(contentUrl(file.room_id, file.id))
  if (!answer.ok) throw new Error(`${answer.status}`)
  const picture = await createImageBitmap(await answer.blob())
  const canvas = document.createElement('canvas')
  canvas.width = picture.width
  canvas.height = picture.height
  canvas.getContext('2d')?.drawImage(picture, 0, 0)
  picture.close()
  const png = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
  if (!png) throw new Error('nothing was drawn')
  return png
}
