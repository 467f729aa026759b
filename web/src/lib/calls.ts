/** What a member wants to hear of a room. */
export type Level = 'all' | 'mentions' | 'nothing'

export interface Said {
  author: string
  mentions?: readonly string[]
  /** Whom an `@here` found. */
  here?: readonly string[]
  /** It calls the whole room. */
  room?: boolean
}

export interface Hearing {
  level?: Level
  muted?: boolean
  /** Said in a direct room. */
  direct?: boolean
  /** A reply that is only in its thread: does the thread call me? Null for what is said in the room. */
  follows?: boolean | null
}

/**
 * Should a message ask for my attention? The twin of the server's `mentions/policy.py`: a muted room
 * calls by my name only, a level of "nothing" not at all, and my own words never.
 */
export function calls(me: string, said: Said, hearing: Hearing = {}): boolean {
  const { level = 'all', muted = false, direct = false, follows = null } = hearing
  if (said.author === me || level === 'nothing') return false
  if (said.mentions?.includes(me)) return true
  if (muted) return false
  if (said.here?.includes(me) || (said.room && follows !== false)) return true
  if (follows !== null) return follows
  return direct || level === 'all'
}
