import { ChartBarIcon } from 'lucide-react'
import { useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import type { ComposerPart } from '@/lib/composer-parts'
import { later } from '@/lib/later'
import { IconButton } from '@/ui/IconButton'

const PollDialog = later(async () => (await import('./poll-dialog')).PollDialog)

export function PollButton({ roomId, threadId }: ComposerPart) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <IconButton
        size="small"
        label={m.polls_new()}
        icon={<ChartBarIcon aria-hidden="true" />}
        onClick={() => setOpen(true)}
      />
      {open && <PollDialog roomId={roomId} threadId={threadId} close={() => setOpen(false)} />}
    </>
  )
}
