import type { Ephemera } from '@/wire/events'
import type { PresenceState } from '@/wire/presence'
import type { Clock, Wire } from './ports'
import type { Local } from './state'

/** Their word counts this long; they repeat it every 4 s while they type. */
export const TYPING_EXPIRES_MS = 6_000

type Part = Pick<Local, 'typing' | 'presence' | 'emojiVersion' | 'filmProgress'>

export interface EphemeraPorts {
  read(): Part
  write(change: Partial<Part>): void
  wire: Pick<Wire, 'command' | 'online'>
  /** Account ids of a room's members, as far as they are known here. */
  members(roomId: string): readonly string[]
  clock: Clock
}

/** What is so right now: nothing here is logged, cached, or worth asking for twice. */
export interface EphemeraState {
  heard<Name extends keyof Ephemera>(name: Name, data: Ephemera[Name]): void
  /** Their message arrived in this talk (a room, a thread): they are done typing it. */
  spoke(talk: string, accountId: string): void
  /** Asks who of a room is here, or who of these (at most 100), and tells how many are (P4). */
  askPresence(roomId: string, ids?: readonly string[]): Promise<number | null>
  /** The socket is gone: nobody can be said to be here. */
  forget(): void
  close(): void
}

export function createEphemera({
  read,
  write,
  wire,
  clock,
  members,
}: EphemeraPorts): EphemeraState {
  let cancel: (() => void) | null = null

  function setTyping(talk: string, accountId: string, until: number | null): void {
    const { typing } = read()
    const { [accountId]: was, ...others } = typing[talk] ?? {}
    if (until === null && was === undefined) return
    const now = until === null ? others : { ...others, [accountId]: until }
    write({ typing: { ...typing, [talk]: now } })
    sweepLater()
  }

  function sweep(): void {
    cancel = null
    const now = clock.now()
    const typing: Record<string, Record<string, number>> = {}
    for (const [talk, people] of Object.entries(read().typing)) {
      const still = Object.entries(people).filter(([, until]) => until > now)
      if (still.length > 0) typing[talk] = Object.fromEntries(still)
    }
    write({ typing })
    sweepLater()
  }

  function sweepLater(): void {
    const ends = Object.values(read().typing).flatMap((people) => Object.values(people))
    cancel?.()
    cancel = ends.length > 0 ? clock.after(Math.min(...ends) - clock.now(), sweep) : null
  }

  const setPresence = (people: Iterable<readonly [string, PresenceState]>) =>
    write({ presence: { ...read().presence, ...Object.fromEntries(people) } })

  return {
    heard: (name, data) => {
      if (name === 'typing') {
        const { room_id, thread, account_id, active } = data as Ephemera['typing']
        setTyping(thread ?? room_id, account_id, active ? clock.now() + TYPING_EXPIRES_MS : null)
      } else if (name === 'emoji') {
        write({ emojiVersion: (data as Ephemera['emoji']).version })
      } else if (name === 'film.progress') {
        const told = data as Ephemera['film.progress']
        write({ filmProgress: { ...read().filmProgress, [told.file_id]: told } })
      } else {
        const people =
          name === 'presence'
            ? [data as Ephemera['presence']]
            : (data as Ephemera['presences']).people
        setPresence(people.map((person) => [person.account_id, person.state] as const))
      }
    },
    spoke: (talk, accountId) => setTyping(talk, accountId, null),
    askPresence: async (roomId, ids) => {
      if (!wire.online()) return null
      const asked = { room_id: roomId, ...(ids && { account_ids: [...ids] }) }
      const answer = await wire.command('presence.list', asked).catch(() => null)
      if (!answer?.ok) return null
      // Whoever is not in the answer is not here: the word of their leaving may have been dropped.
      const gone = (ids ?? members(roomId)).map((id) => [id, 'offline'] as const)
      const here = answer.data.people.map((person) => [person.account_id, person.state] as const)
      setPresence([...gone, ...here])
      return answer.data.here ?? null
    },
    forget: () => {
      cancel?.()
      cancel = null
      write({ typing: {}, presence: {}, filmProgress: {} })
    },
    close: () => cancel?.(),
  }
}
