import { useNavigate, useParams } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { RoomIcon } from '@/features/rooms/room-icon'
import { m } from '@/i18n/paraglide/messages.js'
import { http } from '@/lib/http'
import { refreshSwitcher, registerSwitcherSource, type SwitcherItem } from '@/lib/switcher'
import { useVisits } from '@/lib/visits'
import { unreadOf } from '@/sync/attention'
import type { Engine } from '@/sync/engine'
import { othersIn, roomTitle } from '@/sync/naming'
import { useEngine } from '@/sync/react'
import { Avatar } from '@/ui/Avatar'
import type { Account, People } from '@/wire/accounts'
import type { RoomSnapshot } from '@/wire/sync'

const SETTLED_MS = 150
/** Letters from which others are asked for: one letter fits half the server. */
const LEAST = 2
/** Answers kept, by what was typed. */
const KEPT = 20

/** Rooms and people in Ctrl/Cmd+K, for as long as it is open. */
export function SwitcherSources() {
  useRooms()
  usePeople()
  return null
}

function useRooms(): void {
  const engine = useEngine()
  const navigate = useNavigate()
  const { roomId } = useParams({ strict: false })
  const here = useRef(roomId)
  here.current = roomId
  useEffect(
    () =>
      registerSwitcherSource('rooms', (query) => {
        const state = engine.store.getState()
        const myId = state.account?.id ?? null
        const { rooms: visited } = useVisits.getState()
        return Object.values(state.rooms)
          .filter((room) => query.trim() !== '' || room.room.id !== here.current)
          .map((room): SwitcherItem => {
            const unread = unreadOf(room, state.readHere)
            const place = visited.indexOf(room.room.id)
            return {
              id: `room ${room.room.id}`,
              label: roomTitle(room, myId),
              group: query.trim() === '' ? m.app_switcher_recent() : groupOf(room),
              keywords: othersIn(room, myId)
                .map((person) => person.username)
                .join(' '),
              icon: <RoomIcon room={room} />,
              ...(unread.messages > 0 && { hint: m.app_switcher_unread() }),
              weight: weightOf(unread, place, visited.length),
              run: () => void navigate({ to: '/rooms/$roomId', params: { roomId: room.room.id } }),
            }
          })
      }),
    [engine, navigate],
  )
}

const groupOf = (room: RoomSnapshot) =>
  room.room.kind === 'direct' ? m.rooms_direct() : m.rooms_title()

/** Whoever calls me first, then where I was last, then what has something new. */
function weightOf(
  unread: { messages: number; mentions: number },
  place: number,
  visits: number,
): number {
  const lately = place < 0 ? 0 : 0.5 * (1 - place / (visits + 1))
  const news = unread.mentions > 0 ? 0.5 : unread.messages > 0 ? 0.25 : 0
  return lately + news
}

/** People of this server I share no direct room with yet: the server is asked while I type. */
function usePeople(): void {
  const engine = useEngine()
  const navigate = useNavigate()
  useEffect(() => {
    const answers = new Map<string, readonly Account[]>()
    let timer: ReturnType<typeof setTimeout> | undefined
    const ask = (wanted: string) => {
      clearTimeout(timer)
      timer = setTimeout(() => {
        http<People>('GET', 'people', { query: { query: wanted } }).then(
          ({ people }) => {
            answers.set(wanted, people)
            if (answers.size > KEPT) answers.delete([...answers.keys()][0] ?? '')
            refreshSwitcher()
          },
          // Rooms are still there; the next letter asks again.
          () => undefined,
        )
      }, SETTLED_MS)
    }
    const open = async (person: Account) => {
      const { createRoom } = await import('@/features/rooms/api')
      const { room } = await createRoom({ kind: 'direct', members: [person.id] })
      await engine.fetchRoom(room.id)
      await navigate({ to: '/rooms/$roomId', params: { roomId: room.id } })
    }
    const leave = registerSwitcherSource('people', (query) => {
      const wanted = query.trim().toLowerCase()
      if (wanted.length < LEAST) return []
      if (!answers.has(wanted)) ask(wanted)
      const found = answers.get(wanted) ?? [...answers.values()].flat()
      return strangersIn(engine, found).map((person) => ({
        id: `person ${person.id}`,
        label: person.display_name,
        group: m.app_switcher_people(),
        keywords: person.username,
        icon: <Avatar size="small" name={person.display_name} hue={person.hue} of={person} />,
        hint: `@${person.username}`,
        run: () => void open(person),
      }))
    })
    return () => {
      clearTimeout(timer)
      leave()
    }
  }, [engine, navigate])
}

/** Those of them I have no direct room with, each once. */
function strangersIn(engine: Engine, people: readonly Account[]): Account[] {
  const { rooms, account } = engine.store.getState()
  const myId = account?.id ?? null
  const known = new Set([myId])
  for (const room of Object.values(rooms)) {
    if (room.room.kind === 'direct') for (const one of othersIn(room, myId)) known.add(one.id)
  }
  const unique = new Map(people.map((person) => [person.id, person]))
  return [...unique.values()].filter((person) => !known.has(person.id) && !person.deactivated)
}
