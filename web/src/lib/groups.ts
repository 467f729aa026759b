import { create } from 'zustand'
import type { Group, GroupList } from '@/wire/groups'
import { http } from './http'

/** Groups of this server by handle; null until somebody called one. */
interface Groups {
  byHandle: ReadonlyMap<string, Group> | null
  /** In milliseconds; null where the last question was not answered. */
  askedAt: number | null
}

export const useGroups = create<Groups>()(() => ({ byHandle: null, askedAt: null }))

/** What was told so long ago is asked for again, with the next text that calls a group. */
const FRESH_MS = 5 * 60_000

/** They were changed here: the next text that calls one asks anew. */
export const forgetGroups = () => useGroups.setState({ askedAt: null })

/** Fetches the groups, unless they were fetched a moment ago. */
export function wantGroups(now: number): void {
  const { askedAt } = useGroups.getState()
  if (askedAt !== null && now - askedAt < FRESH_MS) return
  useGroups.setState({ askedAt: now })
  http<GroupList>('GET', 'groups').then(
    ({ groups }) =>
      useGroups.setState({ byHandle: new Map(groups.map((group) => [group.handle, group])) }),
    // Until the next text asks again the handle is a word.
    () => useGroups.setState({ askedAt: null }),
  )
}
