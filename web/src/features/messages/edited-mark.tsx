import { useRef, useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { later } from '@/lib/later'
import { LatePopover } from '@/ui/LatePopover'
import type { Message } from '@/wire/messages'

const Earlier = later<{ message: Message }>(async () => (await import('./earlier')).Earlier)

/** “edited”, and what it said before. */
export function EditedMark({ message }: { message: Message }) {
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  return (
    <>
      <button
        ref={button}
        type="button"
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="ms-1.5 rounded-small text-caption text-faint underline-offset-2 hover:underline"
      >
        {m.messages_edited()}
      </button>
      <LatePopover
        anchor={button}
        label={m.messages_earlier()}
        align="start"
        open={open}
        onOpenChange={setOpen}
      >
        {open && <Earlier message={message} />}
      </LatePopover>
    </>
  )
}
