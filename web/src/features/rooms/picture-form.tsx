import { useRef, useState } from 'react'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { http } from '@/lib/http'
import { smallSquare } from '@/lib/small-square'
import { Button } from '@/ui/Button'
import { toast } from '@/ui/toasts'
import type { RoomSnapshot } from '@/wire/sync'
import { FormError } from './form-error'
import { pictureOf } from './room-icon'

const formats = 'image/png,image/gif,image/webp,image/jpeg'

/** In the room's settings: the picture that stands before its name everywhere. */
export function PictureForm({ room }: { room: RoomSnapshot }) {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const input = useRef<HTMLInputElement>(null)
  const path = `rooms/${room.room.id}/avatar`
  const run = async (task: () => Promise<unknown>, done: string) => {
    setBusy(true)
    setError(null)
    try {
      await task()
      toast(done)
    } catch (refusal) {
      setError(errorText(refusal))
    }
    setBusy(false)
  }
  const upload = async (file: File) => {
    const image = await smallSquare(file).catch(() => null)
    if (image === null) setError(m.rooms_picture_unreadable())
    else await run(() => http('PUT', path, { body: { image } }), m.rooms_picture_set())
  }
  const { avatar } = room.room
  return (
    <section aria-label={m.rooms_picture()} className="flex flex-col gap-2">
      <h3 className="font-semibold">{m.rooms_picture()}</h3>
      <div className="flex flex-wrap items-center gap-3">
        {avatar && (
          <img
            src={pictureOf(room)}
            alt={m.rooms_picture_now()}
            width={64}
            height={64}
            className="size-16 rounded-[30%] bg-sunken object-cover"
          />
        )}
        <input
          ref={input}
          type="file"
          accept={formats}
          aria-label={m.rooms_picture_choose()}
          tabIndex={-1}
          className="sr-only"
          onChange={(event) => {
            const [file] = event.target.files ?? []
            event.target.value = ''
            if (file) void upload(file)
          }}
        />
        <Button busy={busy} onClick={() => input.current?.click()}>
          {avatar ? m.rooms_picture_change() : m.rooms_picture_choose()}
        </Button>
        {avatar && (
          <Button
            tone="quiet"
            disabled={busy}
            onClick={() => void run(() => http('DELETE', path), m.rooms_picture_gone())}
          >
            {m.rooms_picture_remove()}
          </Button>
        )}
      </div>
      <FormError text={error} />
    </section>
  )
}
