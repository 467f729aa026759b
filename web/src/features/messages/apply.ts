import type { ApplyTable } from '@/sync/dispatch'
import { isThere } from '@/sync/gone'
import { meet } from '@/sync/reducer'
import type { Replica } from '@/sync/state'
import { loseReplies, reviseRoot, talksOf } from '@/sync/threads'
import {
  addMessage,
  type Brought,
  emptyTimeline,
  reviseHeld,
  reviseMessage,
  reviseOne,
} from '@/sync/timeline'
import type { Message } from '@/wire/messages'
import type { Own, RoomSnapshot } from '@/wire/sync'

/** Unread messages are named one by one up to this many (`Own`). */
const UNREAD_KEPT = 100
/** Revised messages remembered against pages that were read before: far more than one page. */
const REVISED_KEPT = 200

/** R1–R3. */
export const messagesApply: ApplyTable = {
  'message.sent': (replica, { data: { message, author, files = [], films = [] } }) => {
    const met = meet(replica, [author])
    const room = met.rooms[message.room_id]
    if (!room || !isThere(message, room.me.hidden)) return met
    const inThread = addReply(met, message, { files, films })
    // A reply that is only in its thread: `thread.changed` counts it (K3).
    if (!message.in_room) return inThread
    // N5: whom I blocked I do not hear.
    const isBlocked = met.own.circle.blocked.some((one) => one.account_id === message.author_id)
    const me = isBlocked ? room.me : counted(room.me, message, met.account?.id)
    const held = met.timelines[message.room_id] ?? emptyTimeline
    const timeline = addMessage(held, message, { files, films })
    return {
      ...inThread,
      rooms: { ...met.rooms, [message.room_id]: { ...room, me, last_message: message } },
      timelines: { ...inThread.timelines, [message.room_id]: timeline },
    }
  },
  'message.edited': (replica, { data: { message } }) =>
    revise(replica, message, (me) => ({
      ...me,
      mentions:
        me.unread.includes(message.seq) && namesMe(message, replica.account?.id)
          ? withSeq(me.mentions, message.seq)
          : me.mentions.filter((seq) => seq !== message.seq),
    })),
  'message.deleted': (replica, { data: { message } }) =>
    revise(replica, message, (me) => ({
      ...loseReplies(me, [message.seq]),
      unread: me.unread.filter((seq) => seq !== message.seq),
      mentions: me.mentions.filter((seq) => seq !== message.seq),
    })),
}

/** Into its thread, where that is held. */
function addReply(replica: Replica, message: Message, brought: Brought): Replica {
  const timeline = message.thread === null ? undefined : replica.timelines[message.thread]
  if (message.thread === null || !timeline || !replica.threads[message.thread]) return replica
  const grown = addMessage(timeline, message, brought)
  return { ...replica, timelines: { ...replica.timelines, [message.thread]: grown } }
}

const namesMe = (message: Message, me: string | undefined) =>
  message.mentions_room ||
  (me !== undefined && (message.mentions.includes(me) || message.here.includes(me)))

function counted(me: Own, message: Message, myId: string | undefined): Own {
  // A catch-up event shows the message as it is now: by then it may be a tombstone (E4), and a
  // read position from another device may already be past it.
  const counts =
    message.author_id !== myId &&
    message.body.kind !== 'system' &&
    message.body.kind !== 'deleted' &&
    message.seq > me.read_seq
  if (!counts) return me
  const unread = withSeq(me.unread, message.seq).slice(-UNREAD_KEPT)
  const mentions = namesMe(message, myId) ? withSeq(me.mentions, message.seq) : me.mentions
  const [oldest = 0] = unread
  return { ...me, unread, mentions: mentions.filter((seq) => seq >= oldest) }
}

const withSeq = (seqs: number[], seq: number) =>
  seqs.includes(seq) ? seqs : [...seqs, seq].sort((a, b) => a - b)

function revise(replica: Replica, message: Message, count: (me: Own) => Own): Replica {
  const room = replica.rooms[message.room_id]
  if (!room) return replica
  const revised: RoomSnapshot = {
    ...room,
    me: count(room.me),
    last_message: reviseOne(room.last_message, message),
  }
  const others = replica.revised.filter((known) => known.id !== message.id)
  const timelines = { ...replica.timelines }
  for (const talk of talksOf(replica, message.room_id)) {
    const timeline = timelines[talk]
    if (timeline) timelines[talk] = reviseMessage(timeline, message)
  }
  return {
    ...reviseRoot(replica, message.id, (root) => reviseHeld(root, message)),
    rooms: { ...replica.rooms, [message.room_id]: revised },
    timelines,
    revised: [...others, message].slice(-REVISED_KEPT),
  }
}
