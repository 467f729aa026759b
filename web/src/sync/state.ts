import type { Attached } from '@/lib/uploads'
import type { Account, Device, OwnAccount } from '@/wire/accounts'
import type { ErrorCode } from '@/wire/errors'
import type { FilmProgress } from '@/wire/films'
import type { Message } from '@/wire/messages'
import type { PresenceState } from '@/wire/presence'
import type { Member } from '@/wire/rooms'
import type { Event, RoomSnapshot, Snapshot } from '@/wire/sync'
import type { HeldThread } from './threads'
import type { Timeline } from './timeline'

/** Parts of the snapshot that belong to no room: name one here and `ownOf` keeps it, on disk too. */
export type OwnThings = Pick<
  Snapshot,
  'arrangement' | 'drafts' | 'circle' | 'availability' | 'rung' | 'failed'
>

export const ownOf = (snapshot: OwnThings): OwnThings => {
  const { arrangement, drafts, circle, availability, rung, failed } = snapshot
  return { arrangement, drafts, circle, availability, rung, failed }
}

export const emptyCircle: OwnThings['circle'] = {
  privacy: {
    may_message: 'everyone',
    may_add: 'everyone',
    may_find: 'everyone',
    hide_receipts: false,
    hide_last_seen: false,
  },
  contacts: [],
  blocked: [],
}

export const emptyAvailability: OwnThings['availability'] = {
  dnd: false,
  dnd_until: null,
  schedule: [],
  time_zone: null,
}

/** What the server knows too: only the reducer changes it, so that events alone keep it true (E6). */
export interface Replica {
  account: OwnAccount | null
  /** Last applied `seq` of my account stream. */
  head: number
  devices: readonly Device[]
  /** What else is mine alone, kept as the snapshot tells it. */
  own: OwnThings
  /** By room id; the last applied `seq` of a room's stream is its `head`. */
  rooms: Readonly<Record<string, RoomSnapshot>>
  timelines: Readonly<Record<string, Timeline>>
  /** By the root's id; the replies are a timeline under the same id. */
  threads: Readonly<Record<string, HeldThread>>
  people: Readonly<Record<string, Account>>
  /** Members of channels, where somebody asked for them; direct rooms and groups carry theirs. */
  rosters: Readonly<Record<string, readonly Member[]>>
  /** Events about what stands beside messages, by room id, newest last, for the same reason as `revised`. */
  recent: Readonly<Record<string, readonly Event[]>>
  /** Messages edited or deleted lately, newest last: a page read before them must not undo them. */
  revised: readonly Message[]
}

/** `held` waits for a session, `stale` for a yes: it was written more than a day ago. */
export type IntentState = 'queued' | 'sending' | 'sent' | 'failed' | 'held' | 'stale'

interface IntentBase {
  /** Doubles as `client_id` of a message: the row's key for life. */
  id: string
  room_id: string
  created_at: number
  /** Not before this moment: backing off, or giving time to undo. Milliseconds since the epoch. */
  not_before: number
  attempts: number
  state: IntentState
  error: ErrorCode | null
}

export interface SendIntent extends IntentBase {
  kind: 'send'
  text: string
  reply_to: string | null
  /** The root it answers; null for the room. */
  thread: string | null
  also_in_room: boolean
  /** It goes when all of them have arrived. Words of before there were files have none. */
  files?: readonly Attached[]
  /** Where it stands in the room's stream, once the server said so. */
  seq: number | null
}

export interface EditIntent extends IntentBase {
  kind: 'edit'
  message_id: string
  text: string
}

export interface DeleteIntent extends IntentBase {
  kind: 'delete'
  message_id: string
}

/** Something I want the server to do, kept until it answered. */
export type Intent = SendIntent | EditIntent | DeleteIntent

/** Written here. Without words it says that the draft is gone, until the server knows. */
export interface Draft {
  /** The thread's root, or else the room. */
  id: string
  room_id: string
  thread: string | null
  text: string
  reply_to: string | null
  /** To be sent with the words: only this browser knows of them. */
  files?: readonly Attached[]
  saved_at: number
  /** The server does not know it yet. */
  dirty: boolean
  /** The words last told to the server: what comes back in these words is our own. */
  pushed: string | null
}

/** `connecting` is quiet; `offline` has been without a socket for two seconds. */
export type Connection = 'connecting' | 'online' | 'offline'

/** What only this browser knows. */
export interface Local {
  /** `cold`: nothing to paint yet. `cached`: painted from disk. `live`: in step with the server. */
  phase: 'cold' | 'cached' | 'live'
  connection: Connection
  /** The server no longer knows us: nothing is sent until somebody signs in again. */
  signedOut: boolean
  /** The browser's storage did not open: nothing survives a reload. */
  memoryOnly: boolean
  /** In the order written. */
  outbox: readonly Intent[]
  /** By the thread's root or else the room. `draftOf` says which one counts. */
  drafts: Readonly<Record<string, Draft>>
  /** Read here, perhaps not yet heard by the server. By room id. */
  readHere: Readonly<Record<string, number>>
  /** By the id of the room or the thread's root, then account id: when to forget it. */
  typing: Readonly<Record<string, Readonly<Record<string, number>>>>
  presence: Readonly<Record<string, PresenceState>>
  /** The newest list of custom emoji that was heard of; null before any was. */
  emojiVersion: string | null
  /** How far films are that are being made, by file id; what was told last. */
  filmProgress: Readonly<Record<string, FilmProgress>>
}

export type State = Replica & Local

export const emptyReplica: Replica = {
  account: null,
  head: 0,
  devices: [],
  own: {
    arrangement: { default_level: 'mentions', sections: [], collapsed: [] },
    drafts: [],
    circle: emptyCircle,
    availability: emptyAvailability,
    rung: [],
    failed: [],
  },
  rooms: {},
  timelines: {},
  threads: {},
  people: {},
  rosters: {},
  recent: {},
  revised: [],
}

export const emptyState: State = {
  ...emptyReplica,
  phase: 'cold',
  connection: 'connecting',
  signedOut: false,
  memoryOnly: false,
  outbox: [],
  drafts: {},
  readHere: {},
  typing: {},
  presence: {},
  emojiVersion: null,
  filmProgress: {},
}
