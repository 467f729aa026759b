/** The language of questions as the server reads it (docs/protocol.md F), for chips and suggestions. */

export const operators = ['from', 'in', 'has', 'is', 'before', 'after', 'during'] as const
export type Operator = (typeof operators)[number]

export const kinds = {
  has: ['link', 'code', 'file', 'image', 'video', 'voice', 'poll'],
  is: ['starred', 'pinned', 'thread', 'mention'],
} as const

export interface Item {
  operator: Operator
  value: string
  negative: boolean
  start: number
  end: number
}

const item = /(-)?([A-Za-z]{2,12}):(?:"([^"]*)"|([^\s"]+))|"[^"]*(?:"|$)|[^\s"]+/g

const isOperator = (word: string): word is Operator =>
  (operators as readonly string[]).includes(word)

/** Every `operator:value` of a question, in order. */
export function itemsOf(text: string): Item[] {
  return [...text.matchAll(item)].flatMap((match) => {
    const operator = match[2]?.toLowerCase() ?? ''
    const value = match[3] ?? match[4] ?? ''
    if (!isOperator(operator) || !value) return []
    const start = match.index
    return [{ operator, value, negative: !!match[1], start, end: start + match[0].length }]
  })
}

/** The question without one of its items. */
export const without = (text: string, { start, end }: Pick<Item, 'start' | 'end'>) =>
  `${text.slice(0, start).trimEnd()} ${text.slice(end).trimStart()}`.trim()

export interface Unfinished {
  /** Null while the operator itself is being typed. */
  operator: Operator | null
  typed: string
  start: number
  end: number
}

/** What is being typed where the caret stands, if a suggestion could finish it. */
export function unfinishedAt(text: string, caret: number): Unfinished | null {
  const before = text.slice(0, caret)
  const match = /(?:^|\s)-?(?:([A-Za-z]{2,12}):("?)([^"]*)|([A-Za-z]{1,12}))$/.exec(before)
  if (!match) return null
  const [, word, quote, value, beginning] = match
  if (beginning !== undefined) {
    return { operator: null, typed: beginning, start: caret - beginning.length, end: caret }
  }
  const operator = word?.toLowerCase() ?? ''
  if (!isOperator(operator)) return null
  // Without a quotation mark a space ends the value.
  if (!quote && /\s/.test(value ?? '')) return null
  const typed = value ?? ''
  return { operator, typed, start: caret - typed.length - (quote?.length ?? 0), end: caret }
}

/** The text with the unfinished part replaced, and where the caret stands then. */
export function complete(text: string, part: Unfinished, value: string) {
  const isWhole = part.operator !== null
  const written = isWhole ? `${quoted(value)} ` : `${value}:`
  const rest = isWhole ? text.slice(part.end).trimStart() : text.slice(part.end)
  const head = text.slice(0, part.start) + written
  return { text: head + rest, caret: head.length }
}

export const quoted = (value: string) => (/\s/.test(value) ? `"${value}"` : value)
