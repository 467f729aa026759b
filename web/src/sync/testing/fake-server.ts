import type { Account, OwnAccount } from '@/wire/accounts'
import type { Body, Message } from '@/wire/messages'
import type { Cursor } from '@/wire/receipts'
import type { Member, Role } from '@/wire/rooms'
import type { Changes, Event, EventPage, RoomSnapshot, Snapshot, StreamChanges } from '@/wire/sync'
import type { Page } from '@/wire/timeline'
import { nothingBeside } from '../beside'
import type { Rest } from '../ports'
import type { Anchor } from '../timeline'
import { plainMember, plainMine, plainOwn, plainRest, plainRoom, plainWords } from './plain'

/** A refusal, as `lib/http` would throw it. */
export class Refusal extends Error {
  override readonly name = 'ApiError'
  constructor(
    readonly code: string,
    readonly status: number,
  ) {
    super(code)
  }
}

interface Logged {
  seq: number
  type: string
  actor: string | null
  data: unknown
  /** The message it is about: read again when the event is read (E4). */
  messageId?: string
}

interface FakeRoom {
  id: string
  name: string
  kind: 'channel' | 'group'
  log: Logged[]
  messages: Message[]
  members: Map<string, Member>
  read: Map<string, number>
  joinedSeq: Map<string, number>
  /** How far each got; no event tells. */
  cursors: Cursor[]
}

/** A server in memory that keeps the protocol: rules E, C and S of docs/protocol.md. */
export function fakeServer({ pageEvents = 3, tooLong = 12 } = {}) {
  const accounts = new Map<string, Account>()
  const mail = new Map<string, Logged[]>()
  const rooms = new Map<string, FakeRoom>()
  const listeners = new Set<(event: Event, members: ReadonlySet<string>) => void>()
  let minted = 0
  const mint = (kind: string) => `${kind}-${String(++minted).padStart(4, '0')}`
  const at = () => new Date(Date.UTC(2026, 0, 1) + minted * 1_000 + ++minted).toISOString()

  function account(id: string): Account {
    const made = {
      id, username: id, display_name: id, hue: 1, status_text: '', status_emoji: '', status_until: null, avatar: null, is_bot: false, deactivated: false,
    } // biome-ignore format: one line
    accounts.set(id, made)
    mail.set(id, [])
    logMail(id, 'account.created', { account: own(id) })
    return made
  }

  function own(id: string): OwnAccount {
    const { username, display_name, hue } = must(accounts.get(id))
    const created_at = '2026-01-01T00:00:00Z'
    const status = { status_text: '', status_emoji: '', status_until: null, avatar: null }
    return { id, username, display_name, hue, ...status, email: null, role: 'member', created_at }
  }

  const envelope = (stream: string, logged: Logged, data: unknown): Event => ({
    stream, seq: logged.seq, type: logged.type, at: '2026-01-01T00:00:00Z', actor: logged.actor, data,
  }) // biome-ignore format: one line

  function publish(event: Event, members: ReadonlySet<string>): void {
    for (const listener of listeners) listener(structuredClone(event), members)
  }

  function logMail(id: string, type: string, data: unknown): void {
    const log = must(mail.get(id))
    const logged = { seq: log.length + 1, type, actor: id, data }
    log.push(logged)
    publish(envelope(`account:${id}`, logged, data), new Set([id]))
  }

  function logRoom(
    room: FakeRoom,
    type: string,
    actor: string,
    data: unknown,
    messageId?: string,
  ): void {
    const logged = { seq: room.log.length + 1, type, actor, data, ...(messageId && { messageId }) }
    room.log.push(logged)
    publish(envelope(`room:${room.id}`, logged, data), new Set(room.members.keys()))
  }

  /** What a logged event says today. */
  function replay(room: FakeRoom, logged: Logged): Event {
    const message = room.messages.find((m) => m.id === logged.messageId)
    const author = message && accounts.get(message.author_id)
    const data = message
      ? { message, ...(logged.type === 'message.sent' && { author, files: [] }) }
      : logged.data
    return structuredClone(envelope(`room:${room.id}`, logged, data))
  }

  function room(id: string, kind: FakeRoom['kind'] = 'channel'): FakeRoom {
    const made: FakeRoom = {
      id, name: id, kind, log: [], messages: [], members: new Map(), read: new Map(), joinedSeq: new Map(), cursors: [],
    } // biome-ignore format: one line
    rooms.set(id, made)
    return made
  }

  function join(roomId: string, id: string, role: Role = 'member'): void {
    const into = must(rooms.get(roomId))
    if (into.members.has(id)) return
    const member = {
      account: must(accounts.get(id)),
      role,
      joined_at: '2026-01-01T00:00:00Z',
      ...plainMember,
    }
    into.members.set(id, member)
    into.read.set(id, into.log.length + 1)
    logRoom(into, 'member.joined', id, { member, by: null })
    into.joinedSeq.set(id, must(mail.get(id)).length + 1)
    logMail(id, 'room.joined', { room_id: roomId })
  }

  function leave(roomId: string, id: string): void {
    const from = must(rooms.get(roomId))
    if (!from.members.has(id)) return
    logRoom(from, 'member.left', id, { account_id: id, reason: 'left', by: null })
    from.members.delete(id)
    logMail(id, 'room.left', { room_id: roomId, reason: 'left' })
  }

  function mine(roomId: string, id: string): FakeRoom {
    const found = rooms.get(roomId)
    if (!found?.members.has(id)) throw new Refusal('not_found', 404)
    return found
  }

  function send(
    roomId: string,
    author: string,
    clientId: string,
    text: string,
    replyTo: string | null = null,
  ): Message {
    const into = mine(roomId, author)
    const before = into.messages.find((m) => m.client_id === clientId && m.author_id === author)
    if (before) return structuredClone(before)
    const quoted = into.messages.find((m) => m.id === replyTo)
    const message: Message = {
      id: mint('message'), room_id: roomId, seq: into.log.length + 1, client_id: clientId,
      author_id: author, sent_at: at(), edited_at: null, body: { kind: 'text', text },
      reply_to: quoted ? quote(quoted) : null, mentions: named(text), mentions_room: text.includes('@room'), ...plainWords,
    } // biome-ignore format: a table
    into.messages.push(message)
    logRoom(
      into,
      'message.sent',
      author,
      { message, author: accounts.get(author), files: [] },
      message.id,
    )
    return structuredClone(message)
  }

  const named = (text: string) => [...accounts.keys()].filter((id) => text.includes(`@${id}`))

  const quote = (message: Message) => ({
    id: message.id,
    seq: message.seq,
    author_id: message.author_id,
    text: message.body.kind === 'text' ? message.body.text.slice(0, 200) : null,
  })

  function revise(roomId: string, actor: string, id: string, body: Body, type: string): Message {
    const inside = mine(roomId, actor)
    const index = inside.messages.findIndex((m) => m.id === id)
    const held = inside.messages[index]
    if (!held) throw new Refusal('not_found', 404)
    if (held.body.kind === 'deleted') return structuredClone(held)
    const edited_at = type === 'message.edited' ? at() : held.edited_at
    const mentions = body.kind === 'text' ? named(body.text) : []
    const message = { ...held, body, edited_at, mentions, mentions_room: false }
    inside.messages = inside.messages.map((m) =>
      m.id === id ? message : m.reply_to?.id === id ? { ...m, reply_to: quote(message) } : m,
    )
    logRoom(inside, type, actor, { message }, id)
    return structuredClone(message)
  }

  function markRead(roomId: string, id: string, seq: number): void {
    const inside = mine(roomId, id)
    const now = Math.min(inside.log.length, seq)
    if (now <= (inside.read.get(id) ?? 0)) return
    inside.read.set(id, now)
    logMail(id, 'room.read', { room_id: roomId, read_seq: now })
  }

  function roomSnapshot(inside: FakeRoom, id: string): RoomSnapshot {
    const member = must(inside.members.get(id))
    const read_seq = inside.read.get(id) ?? 0
    const unread = inside.messages.filter(
      (m) => m.author_id !== id && m.body.kind === 'text' && m.seq > read_seq,
    )
    return structuredClone({
      id: inside.id,
      room: {
        id: inside.id, kind: inside.kind, visibility: 'public' as const, name: inside.name, topic: '',
        created_at: '2026-01-01T00:00:00Z', created_by: id, archived_at: null, ...plainRoom,
      }, // biome-ignore format: a table
      head: inside.log.length,
      me: {
        role: member.role,
        joined_at: member.joined_at,
        read_seq,
        unread: unread.map((m) => m.seq).slice(-100),
        mentions: unread
          .filter((m) => m.mentions.includes(id) || m.mentions_room)
          .map((m) => m.seq),
        ...plainOwn(),
      },
      member_count: inside.members.size,
      members: inside.kind === 'group' ? [...inside.members.values()] : [],
      last_message: inside.messages.at(-1) ?? null,
      ...plainRest(),
      receipts: inside.cursors.filter((one) => one.account_id !== id),
    })
  }

  function snapshot(id: string): Snapshot {
    return {
      account: own(id),
      head: must(mail.get(id)).length,
      devices: [],
      rooms: roomsOf(id).map((inside) => roomSnapshot(inside, id)),
      ...plainMine(),
    }
  }

  const roomsOf = (id: string) => [...rooms.values()].filter((inside) => inside.members.has(id))

  function heads(id: string): Record<string, number> {
    const inRooms = roomsOf(id).map((inside) => [`room:${inside.id}`, inside.log.length] as const)
    return { [`account:${id}`]: must(mail.get(id)).length, ...Object.fromEntries(inRooms) }
  }

  /** W13: what somebody who holds `known` missed, by stream, where it is little. */
  function missed(id: string, known: Readonly<Record<string, number>>): [string, Event[]][] {
    return Object.entries(heads(id)).flatMap(([stream, head]): [string, Event[]][] => {
      const from = known[stream]
      if (from === undefined || from >= head || head - from > tooLong) return []
      const inside = rooms.get(stream.slice(5))
      const news = (inside ? inside.log : must(mail.get(id))).slice(from)
      const letIn = ({ type, data }: Logged) =>
        type === 'member.joined' && (data as { member: Member }).member.account.id === id
      if (inside && news.some(letIn)) return []
      return [[stream, news.map((l) => (inside ? replay(inside, l) : envelope(stream, l, l.data)))]]
    })
  }

  function sync(id: string, since: string | null): Changes {
    const ids = roomsOf(id).map((inside) => inside.id)
    if (since === null) {
      const cursor = JSON.stringify(heads(id))
      return {
        cursor,
        reset: true,
        more: false,
        snapshot: snapshot(id),
        streams: [],
        rooms: ids,
        receipts: [],
      }
    }
    const known = JSON.parse(since) as Record<string, number>
    const reached: Record<string, number> = {}
    const streams = Object.entries(heads(id)).flatMap(([stream, head]): StreamChanges[] => {
      const inside = rooms.get(stream.slice(5))
      const from = known[stream]
      const rejoined = inside && (inside.joinedSeq.get(id) ?? 0) > (known[`account:${id}`] ?? 0)
      if (inside && (from === undefined || rejoined || head - from > tooLong)) {
        reached[stream] = head
        return [{ stream, head, events: [], snapshot: roomSnapshot(inside, id) }]
      }
      const log = inside ? inside.log : must(mail.get(id))
      const news = log.slice(from ?? 0, (from ?? 0) + pageEvents)
      reached[stream] = (from ?? 0) + news.length
      if (news.length === 0) return []
      const events = news.map((l) => (inside ? replay(inside, l) : envelope(stream, l, l.data)))
      return [{ stream, head: reached[stream], events, snapshot: null }]
    })
    const more = Object.entries(heads(id)).some(([stream, head]) => (reached[stream] ?? 0) < head)
    return {
      cursor: JSON.stringify(reached),
      reset: false,
      more,
      snapshot: null,
      streams,
      rooms: ids,
      receipts: [],
    }
  }

  function events(log: Logged[], after: number, shape: (l: Logged) => Event): EventPage {
    if (log.length - after > tooLong) return { events: [], head: log.length, too_long: true }
    return {
      events: log.slice(after, after + pageEvents).map(shape),
      head: log.length,
      too_long: false,
    }
  }

  function page(inside: FakeRoom, id: string, anchor: Anchor, limit = 4): Page {
    const all = inside.messages
    let some: Message[]
    if ('before' in anchor) some = all.filter((m) => m.seq < anchor.before).slice(-limit)
    else if ('after' in anchor) some = all.filter((m) => m.seq > anchor.after).slice(0, limit)
    else if ('around' in anchor) {
      const middle = all.findIndex((m) => m.seq >= anchor.around)
      some = all.slice(Math.max(0, middle - limit / 2), middle + limit / 2)
    } else some = all.slice(-limit)
    const found_newest = some.length === 0 ? !('before' in anchor) : some.at(-1) === all.at(-1)
    const found_oldest = some.length === 0 ? !('after' in anchor) : some[0] === all[0]
    const people = [...accounts.values()]
    return structuredClone({
      messages: some.map((one) => ({ ...nothingBeside, ...one })),
      people,
      found_oldest,
      found_newest,
      head: inside.log.length,
      own_head: must(mail.get(id)).length,
    })
  }

  /** HTTP as one account; `through` delays or breaks each call. */
  function restOf(id: string, through: <T>(answer: () => T) => Promise<T>): Rest {
    return {
      sync: (since) => through(() => sync(id, since)),
      room: (roomId) => through(() => roomSnapshot(mine(roomId, id), id)),
      roomEvents: (roomId, after) =>
        through(() => {
          const inside = mine(roomId, id)
          return events(inside.log, after, (l) => replay(inside, l))
        }),
      myEvents: (after) =>
        through(() => ({
          ...events(must(mail.get(id)), after, (l) => envelope(`account:${id}`, l, l.data)),
        })),
      page: (roomId, anchor) => through(() => page(mine(roomId, id), id, anchor)),
      thread: (roomId, rootId, anchor) =>
        through(() => {
          const inside = mine(roomId, id)
          const root = must(inside.messages.find((one) => one.id === rootId))
          const messages = inside.messages.filter((one) => one.thread === rootId)
          return {
            ...page({ ...inside, messages }, id, anchor),
            root: { ...nothingBeside, ...root },
            me: { following: true, read_seq: 0 },
          }
        }),
      message: (roomId, messageId) =>
        through(() => must(mine(roomId, id).messages.find((m) => m.id === messageId))),
      person: (accountId) => through(() => must(accounts.get(accountId))),
      renew: async () => true,
    }
  }

  return {
    account, room, join, leave, send, markRead, snapshot, heads, missed, restOf, rooms,
    edit: (roomId: string, actor: string, id: string, text: string) =>
      revise(roomId, actor, id, { kind: 'text', text }, 'message.edited'),
    remove: (roomId: string, actor: string, id: string) =>
      revise(roomId, actor, id, { kind: 'deleted', by: actor }, 'message.deleted'),
    listen: (listener: (event: Event, members: ReadonlySet<string>) => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  } // biome-ignore format: a list
}

export type FakeServer = ReturnType<typeof fakeServer>

function must<T>(found: T | undefined): T {
  if (found === undefined) throw new Refusal('not_found', 404)
  return found
}
