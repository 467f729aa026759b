import { useEffect, useMemo } from 'react'
import { useShallow } from 'zustand/react/shallow'
import { useGroups, wantGroups } from '@/lib/groups'
import { openGroup, openPerson } from '@/lib/person-card'
import { useMyId, useSync } from '@/sync/react'
import type { State } from '@/sync/state'
import type { Group } from '@/wire/groups'
import type { Message } from '@/wire/messages'
import { type Call, type Calls, hereWords, namesIn, roomWords } from './inline-text'

/** What the names of a message's text stand for: people, the words for everybody, groups. */
export function useCalls(text: string, message: Message): Calls {
  const { mentions, mentions_room, here } = message
  const myId = useMyId()
  const names = useSync(useShallow((state) => mentions.map((id) => usernameOf(state, id))))
  const unknown = useMemo(
    () =>
      mentions.length > 0 && namesIn(text).some((name) => !names.includes(name) && !isWord(name)),
    [text, mentions, names],
  )
  const groups = useGroups((state) => (unknown ? state.byHandle : null))
  useEffect(() => {
    if (unknown) wantGroups(Date.now())
  }, [unknown])
  return useMemo(() => {
    const calls = new Map<string, Call>()
    if (mentions_room)
      for (const word of [...roomWords, ...hereWords]) calls.set(word, { me: true })
    else if (here.length > 0) {
      const me = myId !== null && here.includes(myId)
      for (const word of hereWords) calls.set(word, { me })
    }
    if (groups) for (const name of namesIn(text)) addGroup(calls, groups.get(name), mentions, myId)
    mentions.forEach((id, at) => {
      const open = (anchor: HTMLElement) => openPerson(id, anchor)
      calls.set(names[at] ?? '', { me: id === myId, open })
    })
    return calls
  }, [text, mentions, mentions_room, here, names, groups, myId])
}

const isWord = (name: string) => roomWords.includes(name) || hereWords.includes(name)

function addGroup(
  calls: Map<string, Call>,
  group: Group | undefined,
  mentions: readonly string[],
  myId: string | null,
): void {
  if (!group) return
  // Of the group now, and called when it was said.
  const me = group.mine && myId !== null && mentions.includes(myId)
  const open = (anchor: HTMLElement) => openGroup(group.id, anchor)
  calls.set(group.handle, { me, open })
}

function usernameOf(state: State, id: string): string {
  if (state.account?.id === id) return state.account.username
  return state.people[id]?.username ?? ''
}
