import { m } from '@/i18n/paraglide/messages.js'
import { matchScore } from '@/lib/text'
import { kinds, type Operator, operators, type Unfinished } from './question'

export interface Suggestion {
  value: string
  label: string
  hint: string
}

/** What a question can be about: names of people and rooms as the language writes them. */
export interface Names {
  people: readonly { username: string; name: string }[]
  rooms: readonly { value: string; name: string }[]
}

const SHOWN = 6

/** The best ways to finish what is being typed. */
export function suggest(part: Unfinished, names: Names, today: Date): Suggestion[] {
  if (part.operator === null) {
    if (part.typed.length < 2) return []
    const wanted = part.typed.toLowerCase()
    return operators.filter((one) => one.startsWith(wanted)).map(operatorSuggestion)
  }
  return bestOf(part.typed, valuesOf(part.operator, names, today))
}

export const operatorSuggestion = (operator: Operator): Suggestion => ({
  value: operator,
  label: `${operator}:`,
  hint: operatorHints[operator](),
})

const operatorHints: Record<Operator, () => string> = {
  from: m.search_hint_from,
  in: m.search_hint_in,
  has: m.search_hint_has,
  is: m.search_hint_is,
  before: m.search_hint_before,
  after: m.search_hint_after,
  during: m.search_hint_during,
}

function valuesOf(operator: Operator, names: Names, today: Date): Suggestion[] {
  switch (operator) {
    case 'from':
      return [
        { value: 'me', label: 'me', hint: m.search_from_me() },
        ...names.people.map(({ username, name }) => ({
          value: username,
          label: username,
          hint: name,
        })),
      ]
    case 'in':
      return names.rooms.map(({ value, name }) => ({ value, label: name, hint: '' }))
    case 'has':
      return kinds.has.map((value) => ({ value, label: value, hint: hasHints[value]() }))
    case 'is':
      return kinds.is.map((value) => ({ value, label: value, hint: isHints[value]() }))
    default:
      return days(today)
  }
}

const hasHints = {
  link: m.search_has_link,
  code: m.search_has_code,
  file: m.search_has_file,
  image: m.search_has_image,
  video: m.search_has_video,
  poll: m.search_has_poll,
  voice: m.search_has_voice,
}

const isHints = {
  starred: m.search_is_starred,
  pinned: m.search_is_pinned,
  thread: m.search_is_thread,
  mention: m.search_is_mention,
}

function days(today: Date): Suggestion[] {
  const year = String(today.getFullYear())
  const month = `${year}-${String(today.getMonth() + 1).padStart(2, '0')}`
  return [
    { value: 'today', label: 'today', hint: m.search_day_today() },
    { value: 'yesterday', label: 'yesterday', hint: m.search_day_yesterday() },
    { value: month, label: month, hint: m.search_day_month() },
    { value: year, label: year, hint: m.search_day_year() },
  ]
}

function bestOf(typed: string, all: readonly Suggestion[]): Suggestion[] {
  return all
    .map((one) => ({ one, score: scoreOf(typed, one) }))
    .filter((each) => each.score !== null)
    .sort((a, b) => (b.score ?? 0) - (a.score ?? 0))
    .slice(0, SHOWN)
    .map(({ one }) => one)
}

function scoreOf(typed: string, { label, hint }: Suggestion): number | null {
  const own = matchScore(typed, label)
  const other = hint ? matchScore(typed, hint) : null
  return own === null ? other : Math.max(own, other ?? 0)
}
