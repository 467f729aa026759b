import { Link } from '@tanstack/react-router'
import { BellOffIcon } from 'lucide-react'
import { memo } from 'react'
import { useShallow } from 'zustand/react/shallow'
import { m } from '@/i18n/paraglide/messages.js'
import { cx } from '@/lib/class-names'
import { useRoomParts } from '@/lib/room-parts'
import { attentionOf, isMuted } from '@/sync/attention'
import { roomTitle } from '@/sync/naming'
import { useMyId, useSync } from '@/sync/react'
import { Badge } from '@/ui/Badge'
import { RoomIcon } from './room-icon'
import { countText } from './unread'

const nothingNew = { badge: 0, bold: false }

/** One room of the list. Bold: something unread. A number: somebody calls for me. */
export const RoomRow = memo(function RoomRow({
  roomId,
  isHere,
}: {
  roomId: string
  isHere: boolean
}) {
  const myId = useMyId()
  const room = useSync((state) => state.rooms[roomId])
  const { badge, bold } = useSync(
    useShallow((state) => {
      const held = state.rooms[roomId]
      return held ? attentionOf(held, state) : nothingNew
    }),
  )
  const { rowMarks } = useRoomParts()
  const isTyping = useSync((state) =>
    Object.keys(state.typing[roomId] ?? {}).some((id) => id !== myId),
  )
  if (!room) return null
  const muted = isMuted(room.me.preferences, Date.now())
  return (
    <Link
      to="/rooms/$roomId"
      params={{ roomId }}
      data-room={roomId}
      aria-current={isHere ? 'page' : undefined}
      className={cx(
        'group mx-2 flex min-h-(--row) items-center gap-2 rounded-control px-2 transition-colors',
        isHere
          ? 'bg-pressed text-ink [--under:var(--paper-pressed)]'
          : 'hover:bg-hover hover:[--under:var(--paper-hover)]',
        bold ? 'font-bold text-ink' : 'text-muted',
        (room.room.archived_at || muted) && 'opacity-60',
      )}
    >
      <RoomIcon room={room} />
      <span className="min-w-0 grow truncate" dir="auto">
        {roomTitle(room, myId)}
      </span>
      {isTyping && <TypingDots />}
      {rowMarks.map((Part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
        <Part key={index} roomId={roomId} />
      ))}
      {muted && (
        <BellOffIcon role="img" aria-label={m.life_muted()} className="size-3.5 shrink-0" />
      )}
      {badge > 0 ? (
        <Badge label={m.rooms_n_calling({ count: badge })}>{countText(badge)}</Badge>
      ) : (
        bold && <span className="sr-only">{m.rooms_unread()}</span>
      )}
    </Link>
  )
})

function TypingDots() {
  return (
    <span className="flex gap-0.5 px-1" role="img" aria-label={m.rooms_somebody_typing()}>
      {[0, 1, 2].map((dot) => (
        <span
          key={dot}
          className="size-1 animate-breathe rounded-full bg-live"
          style={{ animationDelay: `${dot * 200}ms` }}
        />
      ))}
    </span>
  )
}
