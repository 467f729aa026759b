/** How a text fits what somebody types to get to it: higher is better. */
export interface Fit {
  score: number
  /** Indices of the text's letters (UTF-16) that were typed, in order. */
  letters: readonly number[]
}

const WHOLE = 1000
const BEGINNING = 900
const WORD = 700
const INITIALS = 600
const WITHIN = 500
const SCATTERED = 300
/** No two kinds of fit come closer than this, whatever lies between the letters. */
const SPREAD = 90
/** Letters left out for each one typed, at most: beyond it everything fits everything. */
const LOOSE = 2

interface Folded {
  text: string
  /** Where each folded letter stands in the original. */
  from: number[]
  /** Where words begin, in the folded text. */
  words: number[]
}

/**
 * The beginning of the text, then of a word, then initials, then anywhere, then letters in order.
 * Several words typed must all fit, in any order. Null: not at all.
 */
export function fuzzy(query: string, text: string): Fit | null {
  const wanted = fold(query).text.split(/\s+/).filter(Boolean)
  if (wanted.length === 0) return { score: 0, letters: [] }
  const folded = fold(text)
  const whole = fitOf(wanted.join(' '), folded)
  if (wanted.length === 1 || (whole && whole.score >= WITHIN)) return whole
  const fits = wanted.map((word) => fitOf(word, folded))
  if (!fits.every((fit) => fit !== null)) return whole
  const score = Math.min(...fits.map((fit) => fit.score)) - 1
  return { score, letters: [...new Set(fits.flatMap((fit) => fit.letters))].sort((a, b) => a - b) }
}

function fitOf(wanted: string, folded: Folded): Fit | null {
  const { text, words } = folded
  const whole = (at: number, score: number) => run(folded, at, wanted.length, score)
  if (text === wanted) return whole(0, WHOLE)
  if (text.startsWith(wanted)) return whole(0, BEGINNING - slack(text.length - wanted.length))
  const word = words.find((at) => text.startsWith(wanted, at))
  if (word !== undefined) return whole(word, WORD - slack(word))
  const initials = words.map((at) => text[at]).join('')
  const first = wanted.length > 1 ? initials.indexOf(wanted) : -1
  if (first >= 0) {
    const letters = words.slice(first, first + wanted.length).map((at) => folded.from[at] ?? 0)
    return { score: INITIALS - slack(first), letters }
  }
  const at = text.indexOf(wanted)
  if (at >= 0) return whole(at, WITHIN - slack(at))
  return scattered(wanted, folded)
}

/** Letters in order, close together, from the beginning of a word: the closer the better. */
function scattered(wanted: string, folded: Folded): Fit | null {
  const letters = wanted.replaceAll(' ', '')
  const tries = folded.words.flatMap((start) => scatteredFrom(start, letters, folded) ?? [])
  return tries.sort((a, b) => b.score - a.score)[0] ?? null
}

function scatteredFrom(start: number, wanted: string, { text, from }: Folded): Fit | null {
  const letters: number[] = []
  let last = start - 1
  let gaps = 0
  for (const letter of wanted) {
    const at = text.indexOf(letter, last + 1)
    if (at < 0) return null
    gaps += at - last - 1
    last = at
    letters.push(from[at] ?? 0)
  }
  if (gaps > wanted.length * LOOSE) return null
  return { score: SCATTERED - slack(gaps), letters }
}

function run({ from }: Folded, at: number, length: number, score: number): Fit {
  return { score, letters: [...new Set(from.slice(at, at + length))] }
}

const slack = (letters: number) => Math.min(letters, SPREAD)

/** Lower case without accents, letter by letter, so that every letter knows where it stood. */
function fold(text: string): Folded {
  const folded: Folded = { text: '', from: [], words: [] }
  let at = 0
  let inWord = false
  for (const letter of text) {
    const plain = letter
      .normalize('NFKD')
      .replace(/\p{M}+/gu, '')
      .toLowerCase()
    const isWord = /[\p{L}\p{N}\p{S}]/u.test(plain)
    const isHump = inWord && /\p{Lu}/u.test(letter) && /\p{Ll}/u.test(text[at - 1] ?? '')
    if ((isWord && !inWord) || isHump) folded.words.push(folded.text.length)
    // Marks alone leave the word as it was.
    if (plain !== '') inWord = isWord
    for (const unit of plain.replace(/[-_/.·,]/g, ' ')) {
      folded.from.push(...Array(unit.length).fill(at))
      folded.text += unit
    }
    at += letter.length
  }
  return folded
}
