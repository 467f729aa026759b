import { BookmarkIcon } from 'lucide-react'
import { m } from '@/i18n/paraglide/messages.js'
import type { RowPart } from '@/lib/row-parts'
import { SideLink } from '@/ui/SideLink'

export function StarMark({ message }: RowPart) {
  if (!message.starred) return null
  return (
    <span role="img" aria-label={m.stars_mark()} title={m.stars_mark()}>
      <BookmarkIcon
        className="ms-1 inline size-3.5 fill-current align-[-0.125em] text-accent-ink"
        aria-hidden="true"
      />
    </span>
  )
}

export function StarsLink() {
  return (
    <SideLink view="saved" icon={<BookmarkIcon aria-hidden="true" />} label={m.stars_title()} />
  )
}
