/** A block of a WebVTT file: from, to (seconds), and the lines under it. */
export interface Block {
  from: number
  to: number
  lines: readonly string[]
}

const TIMES = /^((?:\d+:)?\d{2}:\d{2}\.\d{3})[ \t]+-->[ \t]+((?:\d+:)?\d{2}:\d{2}\.\d{3})/

/** The cues of a WebVTT file in its order; what cannot be read is passed over. */
export function blocksOf(text: string): Block[] {
  const blocks: Block[] = []
  for (const part of text.replace(/\r\n?/g, '\n').split(/\n{2,}/)) {
    const lines = part.split('\n').filter((line) => line !== '')
    const at = lines.findIndex((line) => TIMES.test(line))
    const times = lines[at]?.match(TIMES)
    // Before the times at most the cue's own name; NOTE and STYLE have none.
    if (at > 1 || !times?.[1] || !times[2]) continue
    const [from, to] = [secondsOf(times[1]), secondsOf(times[2])]
    if (to > from) blocks.push({ from, to, lines: lines.slice(at + 1) })
  }
  return blocks
}

const secondsOf = (time: string) =>
  time.split(':').reduce((sum, part) => sum * 60 + Number.parseFloat(part), 0)
