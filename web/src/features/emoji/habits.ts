/** What was picked lately, and in which skin tone: kept in this browser. */

const RECENT = 'tertulia.emoji.recent'
const TONE = 'tertulia.emoji.tone'
const KEPT = 24

const usual = ['👍', '❤️', '😂', '🎉', '😮', '😢', '🙏', '✅', '👀', '🔥', '👏', '🤔']

/** Newest first; a few that everybody needs where there is nothing yet. */
export function recentEmoji(): readonly string[] {
  const kept = read(RECENT)
  try {
    const found: unknown = kept === null ? [] : JSON.parse(kept)
    const own = Array.isArray(found)
      ? found.filter((one): one is string => typeof one === 'string' && one.length <= 40)
      : []
    return [...new Set([...own, ...usual])].slice(0, KEPT)
  } catch {
    return usual
  }
}

/** The three to react with at once. */
export const quickEmoji = (): readonly string[] => recentEmoji().slice(0, 3)

export const noteEmoji = (emoji: string) =>
  write(RECENT, JSON.stringify([...new Set([emoji, ...recentEmoji()])].slice(0, KEPT)))

export const skinTone = () => read(TONE) ?? ''
export const setSkinTone = (tone: string) => write(TONE, tone)

function read(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null // a browser that keeps nothing
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    // Then it is forgotten.
  }
}
