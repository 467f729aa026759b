import { PaperclipIcon } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import type { ComposerPart } from '@/lib/composer-parts'
import { later } from '@/lib/later'
import { useShortcut } from '@/lib/shortcuts'
import { useUploads } from '@/lib/uploads'
import { useEngine } from '@/sync/react'
import { IconButton } from '@/ui/IconButton'
import { toast } from '@/ui/toasts'

const DropSign = later<DropSignProps>(async () => (await import('./drop-sign')).DropSign)

interface DropSignProps {
  host: HTMLElement
}

const holdsFiles = (transfer: DataTransfer | null) => transfer?.types.includes('Files') ?? false

/** Beside the field: chooses files. Also the ear for what is dropped or pasted in the same pane. */
export function AttachButton({ roomId, threadId, focus }: ComposerPart) {
  const engine = useEngine()
  const uploads = useUploads()
  const input = useRef<HTMLInputElement>(null)
  const [host, setHost] = useState<HTMLElement | null>(null)
  const take = async (given: readonly File[]) => {
    // A file input may be emptied as soon as this returns: the list is read first.
    const files = [...given]
    if (files.length === 0) return
    focus()
    try {
      const [{ addFiles }, open] = await Promise.all([import('./adding'), uploads()])
      addFiles(engine, open, { roomId, threadId }, files)
    } catch {
      toast(m.files_no_client(), { tone: 'danger' })
    }
  }
  const over = useIncoming(host, threadId, take)
  useShortcut({
    id: 'files.attach',
    keys: ['Mod+Shift+U'],
    scope: 'room',
    label: m.files_attach,
    run: () => input.current?.click(),
  })
  return (
    <>
      <IconButton
        ref={(button) => setHost(button?.closest<HTMLElement>('main, aside') ?? null)}
        size="small"
        label={m.files_attach()}
        keys="Mod+Shift+U"
        icon={<PaperclipIcon aria-hidden="true" />}
        onClick={() => input.current?.click()}
      />
      <input
        ref={input}
        type="file"
        multiple
        tabIndex={-1}
        aria-hidden="true"
        data-attach
        className="hidden"
        onChange={(event) => {
          void take([...(event.target.files ?? [])])
          event.target.value = ''
        }}
      />
      {over && host && <DropSign host={host} />}
    </>
  )
}

/** Files dropped on the pane or pasted in it; true while some are held over it. */
function useIncoming(
  host: HTMLElement | null,
  threadId: string | null,
  take: (files: readonly File[]) => void,
): boolean {
  const [over, setOver] = useState(false)
  const latest = useRef(take)
  latest.current = take
  useEffect(() => {
    if (!host) return
    /** Every element inside is entered and left on the way. */
    let depth = 0
    const enter = (event: DragEvent) => {
      if (!holdsFiles(event.dataTransfer)) return
      depth++
      setOver(true)
    }
    const leave = (event: DragEvent) => {
      if (!holdsFiles(event.dataTransfer)) return
      depth = Math.max(0, depth - 1)
      setOver(depth > 0)
    }
    const hold = (event: DragEvent) => {
      if (!event.dataTransfer || !holdsFiles(event.dataTransfer)) return
      event.preventDefault()
      event.dataTransfer.dropEffect = 'copy'
    }
    const drop = (event: DragEvent) => {
      if (!event.dataTransfer || !holdsFiles(event.dataTransfer)) return
      event.preventDefault()
      depth = 0
      setOver(false)
      takeFrom(event.dataTransfer, latest.current)
    }
    const paste = (event: ClipboardEvent) => {
      const at = event.target as Node
      // Pasted into the page itself, it is for the room in front.
      const mine = host.contains(at) || (threadId === null && at === document.body)
      const { clipboardData } = event
      if (!mine || !clipboardData || clipboardData.files.length === 0) return
      // A table from a spreadsheet comes as text and as a picture of it: the text is meant.
      if (clipboardData.types.includes('text/plain')) return
      event.preventDefault()
      takeFrom(clipboardData, latest.current)
    }
    const listen = [
      ['dragenter', enter],
      ['dragleave', leave],
      ['dragover', hold],
      ['drop', drop],
    ] as const
    for (const [name, ear] of listen) host.addEventListener(name, ear)
    document.addEventListener('paste', paste)
    return () => {
      for (const [name, ear] of listen) host.removeEventListener(name, ear)
      document.removeEventListener('paste', paste)
    }
  }, [host, threadId])
  return over
}

/** Without folders: a browser gives those as files that cannot be read. */
function takeFrom(transfer: DataTransfer, take: (files: readonly File[]) => void): void {
  const folders = [...transfer.items]
    .map((item) => (item.kind === 'file' ? item.webkitGetAsEntry() : null))
    .flatMap((entry) => (entry?.isDirectory ? [entry.name] : []))
  if (folders.length > 0) toast(m.files_no_folders(), { tone: 'danger' })
  take([...transfer.files].filter((file) => !folders.includes(file.name)))
}
