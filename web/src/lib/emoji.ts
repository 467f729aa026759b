import { createContext, useContext } from 'react'
import type { StoreApi } from 'zustand/vanilla'
import type { CustomEmoji } from '@/wire/emoji'

/** One of Unicode's, as the picker shows it. */
export interface UnicodeEmoji {
  char: string
  /** Short names, the first one to show. */
  names: readonly string[]
  /** Other words to find it by. */
  keywords: readonly string[]
  /** Takes a skin tone. */
  toned: boolean
}

export interface EmojiGroup {
  id: string
  emoji: readonly UnicodeEmoji[]
}

export interface EmojiBookState {
  /** By name; null until it was fetched. */
  custom: ReadonlyMap<string, CustomEmoji> | null
  /** Unicode's, in the picker's order; null until somebody needs them. */
  groups: readonly EmojiGroup[] | null
  /** Unicode's characters by short name. */
  chars: ReadonlyMap<string, string>
}

/** What emoji there are. Nothing is fetched before it is asked for. */
export interface EmojiBook {
  store: StoreApi<EmojiBookState>
  /** Both resolve once the list is here or could not be fetched, and never reject. */
  wantCustom(): Promise<void>
  wantUnicode(): Promise<void>
}

/** `:name:` apart from words, of something with a letter in it or one of the few without: `12:30:45` is a time. */
export const shortcodes = /(?<!\w):((?=[0-9_+-]*[a-z]|[+-]1:|100:)[a-z0-9+-][a-z0-9_+-]{0,31}):/g

/** The name of `:name:`, or null for an emoji of Unicode's. */
export const customName = (emoji: string): string | null =>
  emoji.length > 2 && emoji.startsWith(':') && emoji.endsWith(':') ? emoji.slice(1, -1) : null

export const imageOf = (id: string) => `/api/v1/emoji/${id}/image`

export const EmojiBookContext = createContext<EmojiBook | null>(null)

/** Throws outside the signed-in part of the app. */
export function useEmojiBook(): EmojiBook {
  const book = useContext(EmojiBookContext)
  if (!book) throw new Error('useEmojiBook outside EmojiBookContext')
  return book
}
