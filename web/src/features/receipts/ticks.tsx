import { CheckCheckIcon, CheckIcon } from 'lucide-react'
import { m } from '@/i18n/paraglide/messages.js'
import { cx } from '@/lib/class-names'
import type { RowPart } from '@/lib/row-parts'
import { useSync } from '@/sync/react'
import { type Progress, progressOf } from './progress'

const labels: Record<Progress, () => string> = {
  sent: m.receipts_sent,
  delivered: m.receipts_delivered,
  read: m.receipts_read,
}

/** How far my own message got, in direct rooms and small groups. */
export function Ticks({ message, myId }: RowPart) {
  const progress = useSync((state) => {
    const room = state.rooms[message.room_id]
    return room && message.author_id === myId ? progressOf(room, message.seq, myId) : null
  })
  if (progress === null) return null
  const Icon = progress === 'sent' ? CheckIcon : CheckCheckIcon
  const label = labels[progress]()
  return (
    <span
      role="img"
      aria-label={label}
      title={label}
      className={cx('ms-1.5 inline-block', progress === 'read' ? 'text-live-ink' : 'text-faint')}
    >
      <Icon aria-hidden="true" className="inline size-3.5 align-[-0.1em]" />
    </span>
  )
}
