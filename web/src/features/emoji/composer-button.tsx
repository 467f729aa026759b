import { SmileIcon } from 'lucide-react'
import { useRef, useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import type { ComposerPart } from '@/lib/composer-parts'
import { later } from '@/lib/later'
import { IconButton } from '@/ui/IconButton'
import { LatePopover } from '@/ui/LatePopover'

const Picker = later(async () => (await import('./picker')).Picker)

export function EmojiButton({ insert }: ComposerPart) {
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  return (
    <>
      <IconButton
        ref={button}
        size="small"
        label={m.emoji_pick()}
        icon={<SmileIcon aria-hidden="true" />}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      />
      <LatePopover
        anchor={button}
        open={open}
        onOpenChange={setOpen}
        label={m.emoji_pick()}
        side="top"
      >
        <Picker
          onPick={(emoji) => {
            setOpen(false)
            insert(`${emoji} `)
          }}
        />
      </LatePopover>
    </>
  )
}
