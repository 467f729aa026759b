import type { ApplyTable } from '@/sync/dispatch'

/** A star is told in my own stream: the message changes where it is held. */
export const starsApply: ApplyTable = {
  'star.changed': (replica, { data: { room_id, message_id, starred } }) => {
    const timeline = replica.timelines[room_id]
    if (!timeline?.messages.some((one) => one.id === message_id && one.starred !== starred)) {
      return replica
    }
    const messages = timeline.messages.map((one) =>
      one.id === message_id ? { ...one, starred } : one,
    )
    return { ...replica, timelines: { ...replica.timelines, [room_id]: { ...timeline, messages } } }
  },
}
