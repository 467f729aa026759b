import type { Account } from '@/wire/accounts'
import type { Answer, Commands } from '@/wire/commands'
import type { Ephemera } from '@/wire/events'
import type { Message } from '@/wire/messages'
import type { Changes, Event, EventPage, Hello, RoomSnapshot } from '@/wire/sync'
import type { Page, ThreadPage } from '@/wire/timeline'
import type { Anchor } from './timeline'

/** Time and chance as arguments, so that tests own them. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Calls `task` after `ms`; returns the way to call it off. */
  after(ms: number, task: () => void): () => void
  /** In [0, 1). */
  random(): number
}

export const browserClock: Clock = {
  now: () => Date.now(),
  after: (ms, task) => {
    const timer = setTimeout(task, ms)
    return () => clearTimeout(timer)
  },
  random: () => Math.random(),
}

/** What sync asks over HTTP. Every call throws `ApiError` where the server refuses or is away. */
export interface Rest {
  sync(since: string | null): Promise<Changes>
  room(roomId: string): Promise<RoomSnapshot>
  roomEvents(roomId: string, after: number): Promise<EventPage>
  myEvents(after: number): Promise<EventPage>
  page(roomId: string, anchor: Anchor): Promise<Page>
  thread(roomId: string, rootId: string, anchor: Anchor): Promise<ThreadPage>
  message(roomId: string, messageId: string): Promise<Message>
  person(accountId: string): Promise<Account>
  /** Tries to renew the session; false when it is over or the server is away. */
  renew(): Promise<boolean>
}

export interface SocketHandlers {
  hello(hello: Hello): void
  event(event: Event): void
  ephemeron<Name extends keyof Ephemera>(name: Name, data: Ephemera[Name]): void
  /** True after `hello`, false when the socket is gone. */
  connected(online: boolean): void
  /** The server refused us for good: the session is over. */
  refused(): void
  /**
   * What we hold, by stream, or null where we hold nothing. Who resumes is let in ahead of who
   * starts from nothing (W7), and is sent what it missed (W13).
   */
  heads(): Readonly<Record<string, number>> | null
}

/** The socket, seen from above. */
export interface Wire {
  connect(handlers: SocketHandlers): void
  close(): void
  online(): boolean
  /**
   * Tries again at once: the network is back, or somebody looks at the page. Where the server said
   * when to come back, that stands.
   */
  hurry(): void
  /**
   * Sends a command and waits for its ack. Rejects with `Unheard` where nothing is known to have
   * happened: no socket, or no answer in time.
   */
  command<Name extends keyof Commands>(
    name: Name,
    takes: Commands[Name]['takes'],
  ): Promise<Answer<Commands[Name]['gives']>>
  /** Says something nobody waits for; dropped, and false, when there is no socket. */
  mutter<Name extends keyof Commands>(name: Name, takes: Commands[Name]['takes']): boolean
}

export class Unheard extends Error {
  override readonly name = 'Unheard'
}

/** An `ApiError`: the server said no or was not there. Anything else thrown is a mistake of ours. */
export const isRefusal = (
  error: unknown,
): error is Error & { code: string; retryAfter?: number | null } =>
  error instanceof Error && error.name === 'ApiError'
