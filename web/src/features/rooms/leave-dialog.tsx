import { useNavigate } from '@tanstack/react-router'
import { m } from '@/i18n/paraglide/messages.js'
import { ApiError } from '@/lib/http'
import type { RoomSnapshot } from '@/wire/sync'
import * as api from './api'
import { AskDialog } from './ask-dialog'

interface LeaveDialogProps {
  room: RoomSnapshot
  title: string
  onClose: () => void
}

export function LeaveDialog({ room, title, onClose }: LeaveDialogProps) {
  const navigate = useNavigate()
  const isPublic = room.room.visibility === 'public'
  const leave = async () => {
    await api.leaveRoom(room.room.id).catch(explain)
    await navigate({ to: '/rooms' })
  }
  return (
    <AskDialog
      title={m.rooms_leave_title({ room: title })}
      description={isPublic ? m.rooms_leave_public() : m.rooms_leave_private()}
      action={m.rooms_leave()}
      onConfirm={leave}
      onClose={onClose}
    />
  )
}

/** A room needs somebody who may change it: says how to go on rather than only "no". */
function explain(refusal: unknown): never {
  const isLast = refusal instanceof ApiError && refusal.code === 'last_owner'
  throw isLast ? new LastOwner(m.rooms_leave_last_owner()) : refusal
}

class LastOwner extends Error {
  readonly code = 'last_owner_explained'
}
