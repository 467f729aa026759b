import { type ReactNode, useRef, useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { smallSquare } from '@/lib/small-square'
import { Button } from './Button'
import { useTask } from './use-task'

const formats = 'image/png,image/gif,image/webp,image/jpeg'

interface PicturePickerProps {
  /** There is one to be changed or taken away. */
  has: boolean
  /** Both throw what the server refuses. `image` is a small square, in base64. */
  put(image: string): Promise<unknown>
  remove(): Promise<unknown>
  /** What stands before the buttons. */
  children?: ReactNode
}

/** A picture of somebody or something: chosen, changed, taken away. */
export function PicturePicker({ has, put, remove, children }: PicturePickerProps) {
  const { busy, error, run } = useTask()
  const [unreadable, setUnreadable] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const upload = async (file: File) => {
    const image = await smallSquare(file).catch(() => null)
    setUnreadable(image === null)
    if (image !== null) await run(() => put(image))
  }
  return (
    <div className="flex flex-wrap items-center gap-3">
      {children}
      <input
        ref={input}
        type="file"
        accept={formats}
        aria-label={m.ui_picture_choose()}
        tabIndex={-1}
        className="sr-only"
        onChange={(event) => {
          const [file] = event.target.files ?? []
          event.target.value = ''
          if (file) void upload(file)
        }}
      />
      <Button busy={busy} onClick={() => input.current?.click()}>
        {has ? m.ui_picture_change() : m.ui_picture_choose()}
      </Button>
      {has && (
        <Button
          tone="quiet"
          disabled={busy}
          onClick={() => {
            setUnreadable(false)
            void run(remove)
          }}
        >
          {m.ui_picture_remove()}
        </Button>
      )}
      <p role="alert" className="basis-full text-small text-danger-ink empty:hidden">
        {unreadable ? m.ui_picture_unreadable() : error}
      </p>
    </div>
  )
}
