import type { Message } from '@/wire/messages'
import type { RoomSnapshot } from '@/wire/sync'
import type { Page } from '@/wire/timeline'
import { nothingBeside } from '../beside'
import { emptyReplica, type Replica } from '../state'
import type { HeldPage } from '../timeline'
import { plainOwn, plainRest, plainRoom, plainWords } from './plain'

/** A plain message by Bob; give only what the test is about. */
export function message(seq: number, fields: Partial<Message> = {}): Message {
  return {
    id: `m${seq}`,
    room_id: 'green',
    seq,
    client_id: `c${seq}`,
    author_id: 'bob',
    sent_at: new Date(Date.UTC(2026, 0, 1, 12, 0, seq)).toISOString(),
    edited_at: null,
    body: { kind: 'text', text: `text ${seq}` },
    reply_to: null,
    mentions: [],
    mentions_room: false,
    ...plainWords,
    ...fields,
  }
}

export function page(messages: readonly Message[], fields: Partial<Page> = {}): Page {
  const head = messages.at(-1)?.seq ?? 0
  return {
    messages: messages.map((one) => ({ ...nothingBeside, ...one })),
    people: [],
    found_oldest: false,
    found_newest: false,
    head,
    own_head: 0,
    ...fields,
  }
}

/** A page as the timeline takes it. */
export function heldPage(messages: readonly Message[], fields: Partial<Page> = {}): HeldPage {
  const told = page(messages, fields)
  const places = { as_of: told.head, own_as_of: told.own_head }
  return { ...told, messages: told.messages.map((one) => ({ ...one, ...places })) }
}

export function snapshot(fields: Partial<RoomSnapshot> = {}): RoomSnapshot {
  return {
    id: fields.room?.id ?? 'green',
    room: {
      id: 'green',
      kind: 'channel',
      visibility: 'public',
      name: 'Green',
      topic: '',
      created_at: '2026-01-01T00:00:00Z',
      created_by: 'alice',
      archived_at: null,
      ...plainRoom,
    },
    head: 0,
    me: {
      role: 'member',
      joined_at: '2026-01-01T00:00:00Z',
      read_seq: 0,
      unread: [],
      mentions: [],
      ...plainOwn(),
    },
    member_count: 2,
    members: [],
    last_message: null,
    ...plainRest(),
    ...fields,
  }
}

/** Alice's, with one room. */
export function replica(fields: Partial<Replica> = {}): Replica {
  return {
    ...emptyReplica,
    account: {
      id: 'alice',
      username: 'alice',
      display_name: 'Alice',
      hue: 20,
      status_text: '',
      status_emoji: '',
      status_until: null,
      avatar: null,
      email: null,
      role: 'member',
      created_at: '2026-01-01T00:00:00Z',
    },
    rooms: { green: snapshot() },
    ...fields,
  }
}
