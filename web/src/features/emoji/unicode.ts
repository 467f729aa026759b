import type { EmojiGroup } from '@/lib/emoji'
import address from './data.json?url'

type Packed = [id: string, emoji: [char: string, names: string, words: string, toned: 0 | 1][]][]

/** Unicode's emoji, from our own server; `tools/generate_emoji.py` writes them. */
export async function fetchUnicode(): Promise<readonly EmojiGroup[]> {
  const answer = await fetch(address)
  if (!answer.ok) throw new Error(`emoji: ${answer.status}`)
  return unpack((await answer.json()) as Packed)
}

export const unpack = (packed: Packed): readonly EmojiGroup[] =>
  packed.map(([id, emoji]) => ({
    id,
    emoji: emoji.map(([char, names, words, toned]) => ({
      char,
      names: names.split(' '),
      keywords: words.split(' '),
      toned: toned === 1,
    })),
  }))
