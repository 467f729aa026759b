import { useNavigate } from '@tanstack/react-router'
import { errorText } from '@/i18n/errors'
import { http } from '@/lib/http'
import { useEngine } from '@/sync/react'
import { toast } from '@/ui/toasts'
import type { RoomFile } from '@/wire/media'
import type { Message } from '@/wire/messages'

/** Shows the message of a file in its place: in the room, or in the thread that alone shows it. */
export function useGoTo(): (one: RoomFile) => Promise<void> {
  const engine = useEngine()
  const navigate = useNavigate()
  return async ({ file }) => {
    const { room_id, message_id } = file
    const held = engine.store
      .getState()
      .timelines[room_id]?.messages.find((message) => message.id === message_id)
    try {
      const message =
        held ?? (await http<Message>('GET', `rooms/${room_id}/messages/${message_id}`))
      const onlyThread = message.thread !== null && !message.in_room
      const wide = matchMedia('(min-width: 48.0625rem)').matches
      const at = String(message.seq)
      const search = onlyThread
        ? { panel: `thread:${message.thread}`, at }
        : { ...(wide && { panel: 'files' }), at }
      await navigate({ to: '/rooms/$roomId', params: { roomId: room_id }, search })
    } catch (error) {
      toast(errorText(error), { tone: 'danger' })
    }
  }
}
