import type { Completer } from '@/lib/composer-parts'

/** Where a completer takes over, and what for. */
export interface Asked {
  completer: Completer
  from: number
  query: string
}

/** The first completer whose trigger ends at the caret. */
export function askedAt(
  completers: readonly Completer[],
  text: string,
  caret: number,
): Asked | null {
  const before = text.slice(0, caret)
  for (const completer of completers) {
    const match = completer.trigger.exec(before)
    if (match) return { completer, from: match.index, query: match[1] ?? '' }
  }
  return null
}

/** Text with what was asked replaced by the answer and one space, and the caret after it. */
export function completed(text: string, caret: number, from: number, insert: string) {
  const before = `${text.slice(0, from)}${insert} `
  return { value: before + text.slice(caret).replace(/^ /, ''), caret: before.length }
}
