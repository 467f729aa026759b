import { type Block, blocksOf } from './webvtt'

/** Words of a line, slanted or not. */
export interface Words {
  text: string
  slanted: boolean
}

/** What is said from one second to another, line by line. */
export interface Cue {
  from: number
  to: number
  lines: readonly (readonly Words[])[]
}

export const cuesOf = (text: string): Cue[] =>
  blocksOf(text)
    .map(cueOf)
    .filter((cue) => cue.lines.length > 0)

/** Shown at that second. `later` seconds are added to every cue: for words that come too soon. */
export const cuesAt = (cues: readonly Cue[], seconds: number, later: number): readonly Cue[] =>
  cues.filter((cue) => cue.from + later <= seconds && seconds < cue.to + later)

function cueOf({ from, to, lines }: Block): Cue {
  let slanted = false
  const read = lines.map((line) => {
    const words: Words[] = []
    for (const part of line.split(/(<[^>]*>)/)) {
      if (/^<i\b/.test(part)) slanted = true
      else if (part === '</i>') slanted = false
      else if (!part.startsWith('<') && part !== '') words.push({ text: plain(part), slanted })
    }
    return words
  })
  return { from, to, lines: read.filter((words) => words.length > 0) }
}

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  nbsp: '\u00a0',
  lrm: '\u200e',
  rlm: '\u200f',
}

const plain = (text: string) => text.replace(/&(\w+);/g, (all, name: string) => NAMED[name] ?? all)
