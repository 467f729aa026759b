import { PinIcon } from 'lucide-react'
import { m } from '@/i18n/paraglide/messages.js'
import type { RowPart } from '@/lib/row-parts'
import { usePerson } from '@/sync/react'
import type { Pinned } from '@/wire/pins'

export function PinMark({ message }: RowPart) {
  return message.pinned && <Mark pinned={message.pinned} />
}

function Mark({ pinned }: { pinned: Pinned }) {
  const by = usePerson(pinned.by)
  const label = m.pins_by({ name: by?.display_name ?? m.messages_somebody() })
  return (
    <span
      role="img"
      aria-label={label}
      title={label}
      className="ms-1.5 inline-block text-accent-ink"
    >
      <PinIcon aria-hidden="true" className="inline size-3.5 align-[-0.1em]" />
    </span>
  )
}
