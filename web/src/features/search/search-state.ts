import { create } from 'zustand'
import { persist } from 'zustand/middleware'
import type { Sort } from '@/wire/search'

interface SearchState {
  text: string
  /** What of it is still being chosen among suggestions, and so not asked yet. */
  unfinished: { start: number; end: number } | null
  sort: Sort
  /** A room to look in alone; null for all of mine. */
  scope: string | null
  /** Counts the times that somebody asked for the field: it takes the focus. */
  calls: number
}

/** What is being looked for: it outlives the panel, so that opening a hit and coming back loses nothing. */
export const useSearch = create<SearchState>()(() => ({
  text: '',
  unfinished: null,
  sort: 'relevance',
  scope: null,
  calls: 0,
}))

export const lookIn = (scope: string | null) =>
  useSearch.setState(({ calls }) => ({ scope, calls: calls + 1 }))

const RECENT = 8

interface Recent {
  accountId: string | null
  list: readonly string[]
}

/** The last questions whose answers were looked at, of one account, on this device. */
export const useRecent = create<Recent>()(
  persist((): Recent => ({ accountId: null, list: [] }), {
    name: 'tertulia.searches',
    version: 1,
  }),
)

export function remember(accountId: string, text: string): void {
  const asked = text.trim()
  if (!asked) return
  const before = recentOf(useRecent.getState(), accountId)
  const list = [asked, ...before.filter((one) => one !== asked)].slice(0, RECENT)
  useRecent.setState({ accountId, list })
}

const none: readonly string[] = []

/** Nothing of what others looked for on this device. */
export const recentOf = (state: Recent, accountId: string | null): readonly string[] =>
  state.accountId === accountId ? state.list : none

export const forgetRecent = () => useRecent.setState({ list: [] })
