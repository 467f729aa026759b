import type { Facts } from '@/wire/events'
import type { Message } from '@/wire/messages'
import type { Event } from '@/wire/sync'
import type { TimelineMessage } from '@/wire/timeline'

/**
 * A message as it is held. `as_of` is the position in the room's stream at which what stands beside
 * its words (reactions, a thread's summary, a pin …) was told, `own_as_of` the one in my own stream
 * (my star, my votes): an event at or below it is no news.
 */
export type Held = TimelineMessage & { as_of: number; own_as_of: number }

/** What stands beside the words, each field changed by facts of its own. */
export type Beside = Omit<TimelineMessage, keyof Message>

/** Beside a message that was said this moment. */
export const nothingBeside: Beside = {
  reactions: [],
  starred: false,
  pinned: null,
  poll: null,
  my_votes: [],
  forwards: 0,
  files: [],
  films: [],
  thread_summary: null,
  previews: [],
  listened: false,
  listens: null,
}

/** How one type of fact changes what stands beside messages: pure, total, and never throwing. */
export interface Besides<Fact> {
  /** The ids of the messages it is about. */
  of(data: Fact, event: Event): readonly string[]
  change(held: Held, data: Fact, event: Event, myId: string | null): Partial<Beside>
}

/** A feature's share of it. */
export type BesideTable = { readonly [Type in keyof Facts]?: Besides<Facts[Type]> }

/** The message of an event at `seq`, as the first to be held. */
export const hold = (message: Message, seq: number): Held => ({
  ...nothingBeside,
  ...message,
  as_of: seq,
  own_as_of: 0,
})

export interface BesideReducer {
  /** The ids of the messages an event stands beside; none for most. */
  of(event: Event): readonly string[]
  /** The message after an event about it, as I see it; the same object if it knew. */
  apply(held: Held, event: Event, myId: string | null): Held
}

/** Puts the features' tables together; of one type each feature changes its own fields. */
export function besideAll(tables: readonly BesideTable[]): BesideReducer {
  const byType = new Map<string, Besides<unknown>[]>()
  for (const table of tables) {
    for (const [type, one] of Object.entries(table)) {
      byType.set(type, [...(byType.get(type) ?? []), one as Besides<unknown>])
    }
  }
  const about = (event: Event) => byType.get(event.type) ?? []
  return {
    of: (event) => [...new Set(about(event).flatMap((one) => one.of(event.data, event)))],
    apply: (held, event, myId) => {
      const place = event.stream.startsWith('room:') ? 'as_of' : 'own_as_of'
      if (event.seq <= held[place]) return held
      const changes = about(event)
        .filter((one) => one.of(event.data, event).includes(held.id))
        .map((one) => one.change(held, event.data, event, myId))
      return changes.length === 0
        ? held
        : Object.assign({ ...held }, ...changes, { [place]: event.seq })
    },
  }
}
