import { fold } from '@/lib/text'
import type { Account } from '@/wire/accounts'

/** A name after `@`, up to the caret: not inside a word or an address. */
export const MENTION = /(?<![\p{L}\p{N}_@.])@([\p{L}\p{N}._-]{0,32})$/u

/** Who fits: by username or by any word of the name, best first, members before others. */
export function candidates<Person extends Pick<Account, 'username' | 'display_name'>>(
  query: string,
  people: readonly Person[],
  limit = 8,
): Person[] {
  const wanted = fold(query)
  const score = (person: Person) => {
    const names = [person.username, ...fold(person.display_name).split(/\s+/)]
    if (names.some((name) => fold(name) === wanted)) return 0
    return names.some((name) => fold(name).startsWith(wanted)) ? 1 : null
  }
  return people
    .map((person) => ({ person, score: score(person) }))
    .filter((one): one is { person: Person; score: number } => one.score !== null)
    .sort((a, b) => a.score - b.score || a.person.display_name.localeCompare(b.person.display_name))
    .slice(0, limit)
    .map(({ person }) => person)
}
