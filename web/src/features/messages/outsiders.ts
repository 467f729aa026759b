import { create } from 'zustand'
import type { Account } from '@/wire/accounts'

interface Outsiders {
  /** By room, then by username in small letters. */
  byRoom: Readonly<Record<string, Readonly<Record<string, Account>>>>
  meet(roomId: string, people: readonly Account[]): void
  /** They are in the room now. */
  leave(roomId: string, username: string): void
}

/** People who were offered for a room that they are not in. */
export const useOutsiders = create<Outsiders>()((set, get) => ({
  byRoom: {},
  meet: (roomId, people) => {
    if (people.length === 0) return
    const met = Object.fromEntries(people.map((one) => [one.username.toLowerCase(), one]))
    set({ byRoom: { ...get().byRoom, [roomId]: { ...get().byRoom[roomId], ...met } } })
  },
  leave: (roomId, username) => {
    const { [username.toLowerCase()]: _one, ...others } = get().byRoom[roomId] ?? {}
    set({ byRoom: { ...get().byRoom, [roomId]: others } })
  },
}))

const NAME = /(?<![\p{L}\p{N}_@.])@([a-z0-9](?:[a-z0-9._-]{0,30}[a-z0-9])?)/giu

/** The first of them that a text names. */
export function outsiderIn(
  text: string,
  outsiders: Readonly<Record<string, Account>> | undefined,
): Account | undefined {
  if (!outsiders || !text.includes('@')) return undefined
  for (const [, name = ''] of text.matchAll(NAME)) {
    const one = outsiders[name.toLowerCase()]
    if (one) return one
  }
  return undefined
}
