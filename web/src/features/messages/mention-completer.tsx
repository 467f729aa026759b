import { UsersRoundIcon } from 'lucide-react'
import { m } from '@/i18n/paraglide/messages.js'
import type { Completer, Completion } from '@/lib/composer-parts'
import type { Engine } from '@/sync/engine'
import type { State } from '@/sync/state'
import { Avatar } from '@/ui/Avatar'
import type { Account } from '@/wire/accounts'
import { candidates, MENTION } from './mention-query'

/** `@` and a name: people of this room. */
export const mentionCompleter = (engine: Engine): Completer => ({
  id: 'mention',
  trigger: MENTION,
  label: m.messages_mention_people,
  find: (query, { roomId, myId }) => {
    const people = candidates(query, whoIsHere(engine.store.getState(), roomId, myId))
    return [...people.map((person) => completion(person)), ...everybody(query)].slice(0, SHOWN)
  },
  more: async (query, { roomId }) =>
    (await import('./mention-others')).othersNamed(engine, query, roomId),
})

const SHOWN = 8

/** The words that call a whole room, once somebody begins to write one. */
function everybody(query: string): Completion[] {
  if (query === '') return []
  const words = [
    { word: 'room', detail: m.mentions_everybody() },
    { word: 'here', detail: m.mentions_whoever_is_here() },
  ]
  return words
    .filter(({ word }) => word.startsWith(query.toLowerCase()))
    .map(({ word, detail }) => ({
      id: word,
      label: `@${word}`,
      detail,
      icon: <UsersRoundIcon aria-hidden="true" className="size-5 text-muted" />,
      insert: `@${word}`,
    }))
}

export const completion = (person: Account, more = ''): Completion => ({
  id: person.id,
  label: person.display_name,
  detail: `@${person.username}${more && ` · ${more}`}`,
  icon: <Avatar size="small" name={person.display_name} hue={person.hue} of={person} />,
  insert: `@${person.username}`,
})

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
