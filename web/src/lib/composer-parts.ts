import { type ComponentType, createContext, type ReactNode, useContext } from 'react'

/** Where words are being written. `threadId` is the root's id inside a thread. */
export interface ComposerPlace {
  roomId: string
  threadId: string | null
  myId: string
}

/** One line of the list over the composer. */
export interface Completion {
  id: string
  label: string
  detail?: string
  icon?: ReactNode
  /** Stands in the text instead of the trigger and the query. */
  insert: string
}

/** Offers to finish what is being written before the caret. */
export interface Completer {
  id: string
  /** Matches the text up to the caret, ending in `$`; group 1 is the query. */
  trigger: RegExp
  /** What the list is called, for screen readers. */
  label: () => string
  /** Best first, at most eight. What must be fetched comes later, by `more`. */
  find(query: string, place: ComposerPlace): readonly Completion[]
  more?(query: string, place: ComposerPlace): Promise<readonly Completion[]>
}

/** The composer, as its buttons and hints get it. */
export interface ComposerPart extends ComposerPlace {
  text: string
  replyTo: string | null
  /** Puts text where the caret is. */
  insert(text: string): void
  /** Takes the place of all that is written. */
  replace(text: string): void
  /** The answer was given: what is written now answers nothing. */
  forgetReply(): void
  focus(): void
}

/** What other features add to the composer; `app/room-parts.tsx` brings them together. */
export interface ComposerParts {
  completers: readonly Completer[]
  /** Beside the field: emoji, a poll. */
  buttons: readonly ComponentType<ComposerPart>[]
  /** Over the words, in the same frame: files that go with them. */
  trays: readonly ComponentType<ComposerPart>[]
  /** Over the field: a hint that messages disappear, a draft from another device. */
  hints: readonly ComponentType<ComposerPart>[]
  /** Beside the send button: send later. */
  sending: readonly ComponentType<ComposerPart>[]
  /**
   * The first that answers true has taken the words: they are not sent. `keep` leaves them in the
   * field, for a command that was not understood.
   */
  submitters: readonly ((text: string, part: ComposerPart) => boolean | 'keep')[]
}

export const noComposerParts: ComposerParts = {
  completers: [],
  buttons: [],
  trays: [],
  hints: [],
  sending: [],
  submitters: [],
}

export const ComposerPartsContext = createContext<ComposerParts>(noComposerParts)

export const useComposerParts = () => useContext(ComposerPartsContext)
