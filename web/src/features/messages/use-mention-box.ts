import { useId, useState } from 'react'
import { useEngine } from '@/sync/react'
import type { Account } from '@/wire/accounts'
import { candidates, complete, type MentionQuery, mentionAt } from './mention-query'
import { usePane } from './pane-store'

export interface MentionBox {
  open: boolean
  people: readonly Account[]
  active: number
  listId: string
  optionId(index: number): string
  /** Look again: the text or the caret changed. */
  look(text: string, caret: number): void
  close(): void
  move(step: 1 | -1): void
  /** The text with a person's name in it, and where the caret goes. */
  take(text: string, caret: number, index?: number): { value: string; caret: number } | null
}

/** State of the `@` list over the composer: people of this room, by name. */
export function useMentionBox(): MentionBox {
  const engine = useEngine()
  const { roomId, myId } = usePane()
  const listId = useId()
  const [at, setAt] = useState<MentionQuery | null>(null)
  const [people, setPeople] = useState<readonly Account[]>([])
  const [active, setActive] = useState(0)
  const close = () => setAt(null)
  return {
    open: at !== null && people.length > 0,
    people,
    active,
    listId,
    optionId: (index) => `${listId}-${index}`,
    look: (text, caret) => {
      const found = mentionAt(text, caret)
      setAt(found)
      if (!found) return
      setPeople(candidates(found.query, whoIsHere(engine.store.getState(), roomId, myId)))
      setActive(0)
    },
    close,
    move: (step) => setActive((index) => (index + step + people.length) % people.length),
    take: (text, caret, index = active) => {
      const person = people[index]
      if (!at || !person) return null
      close()
      return complete(text, caret, at, person.username)
    },
  }
}

type State = ReturnType<ReturnType<typeof useEngine>['store']['getState']>

/** Members where they are known; in a channel nobody listed yet, those who wrote what is held. */
function whoIsHere(state: State, roomId: string, myId: string): Account[] {
  const room = state.rooms[roomId]
  const members = state.rosters[roomId] ?? room?.members ?? []
  const known = members.map((member) => member.account)
  const wrote = new Set(state.timelines[roomId]?.messages.map((message) => message.author_id))
  const others = [...wrote].map((id) => state.people[id]).filter((person) => person !== undefined)
  const all = new Map([...known, ...others].map((person) => [person.id, person]))
  all.delete(myId)
  return [...all.values()]
}
