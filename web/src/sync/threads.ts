import type { Circle } from '@/wire/people'
import type { Own, RoomSnapshot } from '@/wire/sync'
import type { OwnThread, ThreadChanged, ThreadMarked, ThreadState } from '@/wire/threads'
import type { Held } from './beside'
import type { Replica } from './state'

/** A thread whose replies are held, as a timeline of its own under the root's id. */
export interface HeldThread {
  room_id: string
  root: Held
  me: ThreadState
}

/** The room's talk and its held threads: keys of timelines that a message of the room may be in. */
export const talksOf = (replica: Replica, roomId: string): readonly string[] => [
  roomId,
  ...Object.keys(replica.threads).filter((id) => replica.threads[id]?.room_id === roomId),
]

/** The threads of a room are held no more: what is shown of them is fetched again. */
export function forgetThreads(replica: Replica, roomId: string): Replica {
  const gone = new Set(talksOf(replica, roomId).slice(1))
  if (gone.size === 0) return replica
  const kept = <Value>(record: Readonly<Record<string, Value>>) =>
    Object.fromEntries(Object.entries(record).filter(([id]) => !gone.has(id)))
  return { ...replica, threads: kept(replica.threads), timelines: kept(replica.timelines) }
}

/** Changes the root of a held thread where it is held. */
export function reviseRoot(replica: Replica, id: string, by: (root: Held) => Held): Replica {
  const held = replica.threads[id]
  const root = held && by(held.root)
  if (!held || !root || root === held.root) return replica
  return { ...replica, threads: { ...replica.threads, [id]: { ...held, root } } }
}

/** As a snapshot tells it, and what may be told of a thread before I follow it (K4). */
export interface CountedThread extends OwnThread {
  involved?: boolean
  /** Nothing at or below it is news to me. */
  floor?: number
}

const KEPT = 100

/** With how far all threads of the room were read at once: those, too, that come later. */
interface CountedOwn extends Own {
  threads_floor?: number
}

const empty = (rootId: string, floor: number): CountedThread => ({
  root_id: rootId,
  following: null,
  unread: [],
  mentions: [],
  involved: false,
  floor,
})

/** A snapshot lists a thread without a decision because I take part in it. */
export const follows = (thread: CountedThread): boolean =>
  thread.following ?? thread.involved ?? true

/** What is unread to me in a thread; nothing in one that I do not follow. */
export const newsOf = (thread: CountedThread): readonly number[] =>
  follows(thread) ? thread.unread : []

export const callsOf = (thread: CountedThread): readonly number[] =>
  follows(thread) ? thread.mentions : []

function changed(
  me: CountedOwn,
  rootId: string,
  by: (thread: CountedThread) => CountedThread | null,
): Own {
  const held: CountedThread | undefined = me.threads.find((one) => one.root_id === rootId)
  const next = by(held ?? empty(rootId, me.threads_floor ?? 0))
  const others = me.threads.filter((one) => one !== held)
  return { ...me, threads: next ? [...others, above(next, next.floor ?? 0)] : others }
}

function above(thread: CountedThread, floor: number): CountedThread {
  const unread = thread.unread.filter((seq) => seq > floor).slice(-KEPT)
  return {
    ...thread,
    floor,
    unread,
    mentions: thread.mentions.filter((seq) => unread.includes(seq)),
  }
}

/** K2, K3. */
export function countReply(
  me: Own,
  myId: string | undefined,
  fact: ThreadChanged,
  { blocked }: Pick<Circle, 'blocked'>,
): Own {
  const people = Object.keys(fact.involved)
  if (people.length === 0) return changed(me, fact.root_id, () => null)
  const floor = myId === undefined ? undefined : fact.involved[myId]
  return changed(me, fact.root_id, (thread) => {
    const known = {
      ...thread,
      involved: floor !== undefined,
      floor: Math.max(thread.floor ?? 0, floor ?? 0),
    }
    const { reply } = fact
    const isNews =
      reply &&
      !reply.in_room &&
      reply.author_id !== myId &&
      !me.hidden.includes(reply.seq) &&
      !blocked.some((one) => one.account_id === reply.author_id) // N5
    if (!isNews) return known
    const calls = reply.calls_all || (myId !== undefined && reply.calls.includes(myId))
    return {
      ...known,
      unread: withSeq(known.unread, reply.seq),
      mentions: calls ? withSeq(known.mentions, reply.seq) : known.mentions,
    }
  })
}

/** K4. */
export const markThread = (me: Own, fact: ThreadMarked): Own =>
  changed(me, fact.root_id, (thread) => ({
    ...thread,
    following: fact.following,
    floor: Math.max(thread.floor ?? 0, fact.read_seq),
  }))

/** K11. */
export const readThreads = (me: CountedOwn, seq: number): CountedOwn => ({
  ...me,
  threads_floor: Math.max(me.threads_floor ?? 0, seq),
  threads: me.threads.map((thread: CountedThread) =>
    above(thread, Math.max(thread.floor ?? 0, seq)),
  ),
})

/** Deleted, expired, hidden: no news any more. */
export function loseReplies(me: Own, seqs: readonly number[]): Own {
  const gone = (seq: number) => !seqs.includes(seq)
  if (!me.threads.some((thread) => thread.unread.some((seq) => !gone(seq)))) return me
  const threads = me.threads.map((thread) => ({
    ...thread,
    unread: thread.unread.filter(gone),
    mentions: thread.mentions.filter(gone),
  }))
  return { ...me, threads }
}

const withSeq = (seqs: readonly number[], seq: number): number[] =>
  seqs.includes(seq) ? [...seqs] : [...seqs, seq].sort((a, b) => a - b)

/** How many threads of a room have news, and whether one of them calls me. */
export function threadNews(room: RoomSnapshot | undefined): { count: number; calls: boolean } {
  const threads = room?.me.threads ?? []
  return {
    count: threads.filter((thread) => newsOf(thread).length > 0).length,
    calls: threads.some((thread) => callsOf(thread).length > 0),
  }
}
