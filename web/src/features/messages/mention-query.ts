import { fold } from '@/lib/text'
import type { Account } from '@/wire/accounts'

export interface MentionQuery {
  /** Where the `@` stands. */
  from: number
  query: string
}

/** The `@name` the caret is at the end of, or null. */
export function mentionAt(text: string, caret: number): MentionQuery | null {
  const match = /(?<![\p{L}\p{N}_@.])@([\p{L}\p{N}._-]{0,32})$/u.exec(text.slice(0, caret))
  return match ? { from: match.index, query: match[1] ?? '' } : null
}

/** Text with the query replaced by the whole name, and the caret after it. */
export function complete(text: string, caret: number, at: MentionQuery, username: string) {
  const before = `${text.slice(0, at.from)}@${username} `
  return { value: before + text.slice(caret).replace(/^ /, ''), caret: before.length }
}

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
