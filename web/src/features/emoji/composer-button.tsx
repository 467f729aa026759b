import { SmileIcon } from 'lucide-react'
import { useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import type { ComposerPart } from '@/lib/composer-parts'
import { later } from '@/lib/later'
import { IconButton } from '@/ui/IconButton'
import { Popover } from '@/ui/Popover'

const Picker = later(async () => (await import('./picker')).Picker)

export function EmojiButton({ insert }: ComposerPart) {
  const [open, setOpen] = useState(false)
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      label={m.emoji_pick()}
      side="top"
      trigger={
        <IconButton size="small" label={m.emoji_pick()} icon={<SmileIcon aria-hidden="true" />} />
      }
    >
      <Picker
        onPick={(emoji) => {
          setOpen(false)
          insert(`${emoji} `)
        }}
      />
    </Popover>
  )
}
