import { m } from '@/i18n/paraglide/messages.js'
import { draftOf } from '@/sync/drafts'
import { useSync } from '@/sync/react'

/** In a row of the room list: something is half said there. */
export function DraftMark({ roomId }: { roomId: string }) {
  const has = useSync((state) => draftOf(state, roomId) !== null)
  if (!has) return null
  return (
    <span className="text-caption font-normal text-faint italic group-aria-[current=page]:hidden">
      {m.rooms_draft()}
    </span>
  )
}
