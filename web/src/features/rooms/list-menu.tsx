import { type ReactNode, useState } from 'react'
import { later } from '@/lib/later'
import { useRoomParts } from '@/lib/room-parts'
import { roomTitle } from '@/sync/naming'
import { useEngine, useMyId, useSync } from '@/sync/react'
import { ContextMenu, type MenuItems } from '@/ui/Menu'
import { type RowQuestion, rowActions } from './row-actions'

const LeaveDialog = later(async () => (await import('./leave-dialog')).LeaveDialog)
const NotifyDialog = later(async () => (await import('./notify-dialog')).NotifyDialog)
const MoveDialog = later(async () => (await import('./move-dialog')).MoveDialog)

/** One menu for the whole list: which room it speaks of is known when it opens. */
export function ListMenu({ children }: { children: ReactNode }) {
  const engine = useEngine()
  const { rowMenu } = useRoomParts()
  const [items, setItems] = useState<MenuItems>([])
  const [question, setQuestion] = useState<{ what: RowQuestion; roomId: string } | null>(null)
  const choose = (target: EventTarget): boolean => {
    const row = (target as HTMLElement).closest<HTMLElement>('[data-room]')
    const roomId = row?.dataset.room
    if (!roomId) return false
    const ask = (what: RowQuestion, id: string) => setQuestion({ what, roomId: id })
    const more = rowMenu.flatMap((actions) => actions(roomId))
    setItems([...rowActions(engine, roomId, ask), ...(more.length > 0 ? [null, ...more] : [])])
    return true
  }
  return (
    <>
      <ContextMenu items={items}>
        <div
          className="flex min-h-0 grow flex-col"
          onContextMenuCapture={(event) => {
            if (!choose(event.target)) event.stopPropagation()
          }}
          onPointerDownCapture={(event) => {
            if (event.pointerType !== 'mouse') choose(event.target)
          }}
        >
          {children}
        </div>
      </ContextMenu>
      {question && <Question {...question} onClose={() => setQuestion(null)} />}
    </>
  )
}

interface QuestionProps {
  what: RowQuestion
  roomId: string
  onClose: () => void
}

function Question({ what, roomId, onClose }: QuestionProps) {
  const room = useSync((state) => state.rooms[roomId])
  const myId = useMyId()
  if (!room) return null
  const title = roomTitle(room, myId)
  if (what === 'leave') return <LeaveDialog room={room} title={title} onClose={onClose} />
  if (what === 'notify') return <NotifyDialog room={room} title={title} onClose={onClose} />
  return <MoveDialog room={room} title={title} onClose={onClose} />
}
