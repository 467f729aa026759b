import { ThreadPane } from '@/features/messages/thread-pane'
import { TypingLine } from '@/features/presence/typing-line'
import { useTyping } from '@/features/presence/use-typing'
import { useRights } from '@/features/rooms/use-rights'
import { FollowButton } from '@/features/threads/follow-button'
import { m } from '@/i18n/paraglide/messages.js'
import type { PanelProps } from '@/lib/room-parts'
import { useSync } from '@/sync/react'
import { PanelHead } from '@/ui/PanelHead'

/** A thread beside its room: `thread:<root>`, or `thread:<root>:<seq>` to begin at a reply. */
export function ThreadPanel({ roomId, argument, close }: PanelProps) {
  const known = useSync((state) => state.rooms[roomId] !== undefined)
  const myId = useSync((state) => state.account?.id)
  const rights = useRights(roomId)
  const [rootId = '', at] = (argument ?? '').split(':')
  const onTyping = useTyping(roomId, rootId)
  if (!known || !myId || !rootId) return null
  return (
    <section
      aria-label={m.threads_panel()}
      className="flex min-h-0 grow flex-col"
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) close()
      }}
    >
      <PanelHead title={m.threads_panel()} close={close}>
        <FollowButton roomId={roomId} rootId={rootId} />
      </PanelHead>
      <ThreadPane
        roomId={roomId}
        rootId={rootId}
        at={at && /^\d+$/.test(at) ? Number(at) : null}
        myId={myId}
        rights={rights}
        below={<TypingLine talk={rootId} myId={myId} />}
        onTyping={onTyping}
      />
    </section>
  )
}
