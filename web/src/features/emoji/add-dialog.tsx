import { Trash2Icon } from 'lucide-react'
import { useId, useState } from 'react'
import { useStore } from 'zustand'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { useEmojiBook } from '@/lib/emoji'
import { http } from '@/lib/http'
import { useSync } from '@/sync/react'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { EmojiGlyph } from '@/ui/EmojiGlyph'
import { IconButton } from '@/ui/IconButton'
import { TextField } from '@/ui/TextField'
import { toast } from '@/ui/toasts'
import { addEmojiLimits } from '@/wire/limits'

const MAX_BYTES = 262_144

/** Bring an emoji along, and take one's own away again. */
export function AddEmojiDialog({ close }: { close: () => void }) {
  const [name, setName] = useState('')
  const [file, setFile] = useState<File | null>(null)
  const [error, setError] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const id = useId()
  const fits = new RegExp(addEmojiLimits.name.pattern).test(name)
  const choose = (chosen: File | null) => {
    setFile(chosen)
    setError(chosen && chosen.size > MAX_BYTES ? m.emoji_too_large() : null)
    if (chosen && name === '') setName(nameOf(chosen.name))
  }
  const add = async () => {
    if (!file) return
    setBusy(true)
    setError(null)
    try {
      await http('POST', 'emoji', { body: { name, image: await inBase64(file) } })
      toast(m.emoji_added({ name: `:${name}:` }))
      close()
    } catch (refusal) {
      setError(errorText(refusal))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog
      size="small"
      title={m.emoji_bring()}
      description={m.emoji_bring_hint()}
      onClose={close}
      footer={
        <>
          <Button onClick={close}>{m.ui_cancel()}</Button>
          <Button
            tone="primary"
            busy={busy}
            disabled={!fits || !file || file.size > MAX_BYTES}
            onClick={() => void add()}
          >
            {m.emoji_add()}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <label htmlFor={id} className="flex flex-col gap-1 font-semibold">
          {m.emoji_file()}
          <input
            id={id}
            type="file"
            accept="image/png,image/gif,image/webp,image/jpeg"
            onChange={(event) => choose(event.target.files?.[0] ?? null)}
            className="text-small font-normal file:me-3 file:min-h-9 file:rounded-control file:border file:border-line-strong file:bg-raised file:px-3"
          />
        </label>
        <TextField
          label={m.emoji_name()}
          hint={m.emoji_name_hint()}
          value={name}
          maxLength={32}
          onChange={(event) => setName(event.target.value.toLowerCase())}
        />
        {error && (
          <p role="alert" className="text-danger-ink">
            {error}
          </p>
        )}
        <Mine />
      </div>
    </Dialog>
  )
}

/** What I brought, to take away again; everything for who runs the server. */
function Mine() {
  const book = useEmojiBook()
  const account = useSync((state) => state.account)
  const custom = useStore(book.store, (state) => state.custom)
  const all = account?.role === 'owner' || account?.role === 'admin'
  const mine = [...(custom?.values() ?? [])].filter((one) => all || one.added_by === account?.id)
  if (mine.length === 0) return null
  const remove = (id: string) =>
    http('DELETE', `emoji/${id}`).catch((refusal: unknown) =>
      toast(errorText(refusal), { tone: 'danger' }),
    )
  return (
    <section>
      <h3 className="font-semibold">{m.emoji_mine()}</h3>
      <ul className="max-h-40 overflow-y-auto">
        {mine.map((one) => (
          <li key={one.id} className="flex items-center gap-3">
            <EmojiGlyph emoji={`:${one.name}:`} className="text-lead" />
            <span className="grow truncate">:{one.name}:</span>
            <IconButton
              size="small"
              tone="danger"
              label={m.emoji_remove({ name: `:${one.name}:` })}
              icon={<Trash2Icon aria-hidden="true" />}
              onClick={() => void remove(one.id)}
            />
          </li>
        ))}
      </ul>
    </section>
  )
}

const nameOf = (file: string) =>
  file
    .replace(/\.[^.]*$/, '')
    .toLowerCase()
    .replace(/[^a-z0-9_+-]+/g, '_')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 32)

async function inBase64(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  let binary = ''
  // In parts: too many arguments at once are refused.
  for (let at = 0; at < bytes.length; at += 8192)
    binary += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return btoa(binary)
}
