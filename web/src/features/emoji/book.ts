import { createStore } from 'zustand/vanilla'
import type { EmojiBook, EmojiBookState, EmojiGroup } from '@/lib/emoji'
import type { Clock } from '@/sync/ports'
import type { EmojiList } from '@/wire/emoji'

/** Asked for again at most this often, however many unknown names stand in texts. */
const REST_MS = 30_000
/** After a reconnect everybody would ask at once: each within this time. */
const SPREAD_MS = 60_000

export interface BookPorts {
  /** `GET emoji`. Throws where the server is away. */
  fetchCustom(): Promise<EmojiList>
  fetchUnicode(): Promise<readonly EmojiGroup[]>
  clock: Clock
}

export interface OwnEmojiBook extends EmojiBook {
  /** The list is another one now. */
  heard(version: string): void
  /** The socket is back: word of a change may have been lost. */
  reconnected(): void
  close(): void
}

const empty: EmojiBookState = { custom: null, groups: null, chars: new Map() }

export function createEmojiBook({ fetchCustom, fetchUnicode, clock }: BookPorts): OwnEmojiBook {
  const store = createStore<EmojiBookState>()(() => empty)
  let version: string | null = null
  let askedAt: number | null = null
  let asking: Promise<void> = Promise.resolve()
  let unicode: Promise<void> | null = null
  let cancel: (() => void) | null = null

  async function refresh(): Promise<void> {
    askedAt = clock.now()
    try {
      const list = await fetchCustom()
      if (list.version === version) return
      version = list.version
      store.setState({ custom: new Map(list.emoji.map((one) => [one.name, one])) })
    } catch {
      askedAt = null // asked again when somebody needs it
    }
  }

  return {
    store,
    wantCustom: () => {
      if (askedAt === null) asking = refresh()
      return asking
    },
    wantUnicode: () => {
      unicode ??= fetchUnicode().then(
        (groups) => store.setState({ groups, chars: charsOf(groups) }),
        () => {
          unicode = null
        },
      )
      return unicode
    },
    heard: (now) => {
      if (askedAt !== null && now !== version) void refresh()
    },
    reconnected: () => {
      if (askedAt === null || clock.now() - askedAt < REST_MS) return
      cancel?.()
      cancel = clock.after(clock.random() * SPREAD_MS, () => void refresh())
    },
    close: () => cancel?.(),
  }
}

const charsOf = (groups: readonly EmojiGroup[]): ReadonlyMap<string, string> =>
  new Map(
    groups.flatMap(({ emoji }) =>
      emoji.flatMap(({ char, names }) => names.map((name) => [name, char] as const)),
    ),
  )
