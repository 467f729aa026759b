import { TimerIcon } from 'lucide-react'
import { formatRelative } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { ttlText } from '@/i18n/ttl'
import type { ComposerPart } from '@/lib/composer-parts'
import type { RowPart } from '@/lib/row-parts'
import { useSync } from '@/sync/react'

/** Over the composer: what is said here does not stay. */
export function ExpiryHint({ roomId }: ComposerPart) {
  const ttl = useSync((state) => state.rooms[roomId]?.room.message_ttl ?? null)
  if (ttl === null) return null
  return (
    <p className="flex items-center gap-1.5 px-1 pb-1 text-caption text-muted">
      <TimerIcon className="size-3.5" aria-hidden="true" />
      {m.expiry_composer({ time: ttlText(ttl) })}
    </p>
  )
}

/** Beside the time of a message that will go. */
export function ExpiryMark({ message }: RowPart) {
  if (message.expires_at === null) return null
  const label = m.expiry_mark({ time: formatRelative(message.expires_at, new Date()) })
  return (
    <span role="img" aria-label={label} title={label}>
      <TimerIcon className="ms-1 inline size-3.5 align-[-0.125em] text-faint" aria-hidden="true" />
    </span>
  )
}
