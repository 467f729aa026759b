import type { Message } from '@/wire/messages'
import type { Replica } from './state'
import { loseReplies, talksOf } from './threads'

/**
 * Messages that are not there any more, for me or for everybody (R9, R10): they leave the history,
 * what counts as unread, and the quotes of them.
 */
export function dropMessages(replica: Replica, roomId: string, seqs: readonly number[]): Replica {
  const room = replica.rooms[roomId]
  if (!room) return replica
  const gone = new Set(seqs)
  const stays = (seq: number) => !gone.has(seq)
  const timelines = { ...replica.timelines }
  for (const talk of talksOf(replica, roomId)) {
    const timeline = timelines[talk]
    if (!timeline) continue
    const messages = timeline.messages
      .filter((one) => stays(one.seq))
      .map((one) => unquote(one, gone))
    timelines[talk] = { ...timeline, messages }
  }
  const last = room.last_message
  const lastStays = last === null || stays(last.seq)
  const before = timelines[roomId]?.messages.findLast((one) => one.in_room) ?? null
  return {
    ...replica,
    rooms: {
      ...replica.rooms,
      [roomId]: {
        ...room,
        me: {
          ...loseReplies(room.me, seqs),
          unread: room.me.unread.filter(stays),
          mentions: room.me.mentions.filter(stays),
        },
        last_message: lastStays ? last && unquote(last, gone) : before,
      },
    },
    timelines,
  }
}

/** A message whose quote lost its text, where it quotes what is gone. */
export function unquote<One extends Message>(message: One, gone: ReadonlySet<number>): One {
  const quote = message.reply_to
  if (!quote || quote.text === null || !gone.has(quote.seq)) return message
  return { ...message, reply_to: { ...quote, text: null } }
}

/** Is it there for me: not hidden, not over? */
export const isThere = (message: Message, hidden: readonly number[]) =>
  message.body.kind !== 'expired' && !hidden.includes(message.seq)
