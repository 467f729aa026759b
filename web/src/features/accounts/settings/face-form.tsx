import { useRef, useState } from 'react'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { signedIn, useMe } from '@/lib/session'
import { smallSquare } from '@/lib/small-square'
import { Button } from '@/ui/Button'
import { changeFace, removeFace } from '../api'

const formats = 'image/png,image/gif,image/webp,image/jpeg'

/** My picture: chosen, changed, taken away. It is shown where my initials are. */
export function FaceForm() {
  const me = useMe()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const input = useRef<HTMLInputElement>(null)
  const run = async (task: () => Promise<void>) => {
    setBusy(true)
    setError(null)
    try {
      await task()
    } catch (refusal) {
      setError(errorText(refusal))
    }
    setBusy(false)
  }
  const upload = async (file: File) => {
    const image = await smallSquare(file).catch(() => null)
    if (image === null) setError(m.accounts_picture_unreadable())
    else await run(async () => signedIn(await changeFace(image)))
  }
  const remove = () =>
    run(async () => {
      await removeFace()
      signedIn({ ...me, avatar: null })
    })
  return (
    <div className="mt-2 flex flex-wrap items-center gap-2">
      <input
        ref={input}
        type="file"
        accept={formats}
        aria-label={m.accounts_picture_choose()}
        tabIndex={-1}
        className="sr-only"
        onChange={(event) => {
          const [file] = event.target.files ?? []
          event.target.value = ''
          if (file) void upload(file)
        }}
      />
      <Button busy={busy} onClick={() => input.current?.click()}>
        {me.avatar ? m.accounts_picture_change() : m.accounts_picture_choose()}
      </Button>
      {me.avatar && (
        <Button tone="quiet" disabled={busy} onClick={() => void remove()}>
          {m.accounts_picture_remove()}
        </Button>
      )}
      {error && (
        <p role="alert" className="basis-full text-danger text-small">
          {error}
        </p>
      )}
    </div>
  )
}
