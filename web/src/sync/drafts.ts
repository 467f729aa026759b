import type { StoreApi } from 'zustand/vanilla'
import type { Attached } from '@/lib/uploads'
import type { Draft as SavedDraft } from '@/wire/drafts'
import { judge } from './outbox'
import { type Clock, Unheard, type Wire } from './ports'
import type { Draft, State } from './state'

/** How long words may lie here before the server hears of them. */
export const PUSH_AFTER_MS = 1_500
const RETRY_MS = 5_000

interface DraftsPorts {
  store: StoreApi<State>
  wire: Pick<Wire, 'command' | 'mutter' | 'online'>
  clock: Clock
  /** Only one tab tells. */
  leads(): boolean
}

export interface Drafts {
  /** Tells at once what is not told yet, without waiting for an answer: the page may be going. */
  hurry(): void
  /** The socket is there again. */
  resume(): void
  close(): void
}

/** Nothing is written, and nothing is answered. */
export const isGone = (draft: Pick<Draft, 'text' | 'reply_to'>) =>
  draft.text === '' && draft.reply_to === null

/** The draft that counts: what is written here and not told yet, else what the server holds. */
export function draftOf(
  state: Pick<State, 'drafts' | 'own'>,
  id: string,
): Pick<Draft, 'room_id' | 'thread' | 'text' | 'reply_to'> | null {
  const here = state.drafts[id]
  if (here?.dirty) return isEmpty(here) ? null : here
  const saved = state.own.drafts.find((draft) => draft.id === id)
  // Told, but perhaps not heard back before a reload: beside files the words are not given up.
  return saved ?? (here?.files?.length ? here : null)
}

/** Nothing is written, answered or attached. */
const isEmpty = (draft: Draft) => isGone(draft) && !draft.files?.length

/** The drafts once the files of one are these; the server is not told of them. */
export function attached(
  drafts: State['drafts'],
  roomId: string,
  thread: string | null,
  files: readonly Attached[],
  now: number,
): State['drafts'] {
  const id = thread ?? roomId
  const fresh = { id, room_id: roomId, thread, text: '', reply_to: null, saved_at: now }
  const held = drafts[id] ?? { ...fresh, dirty: false, pushed: null }
  return { ...drafts, [id]: { ...held, files } }
}

/** A draft after somebody wrote; null where nothing is new. */
export function rewritten(
  held: Draft | undefined,
  fields: Omit<Draft, 'id' | 'dirty' | 'pushed' | 'files'>,
): Draft | null {
  if (!held && isGone(fields)) return null
  if (held && held.text === fields.text && held.reply_to === fields.reply_to) return null
  const id = fields.thread ?? fields.room_id
  return { ...held, ...fields, id, dirty: true, pushed: held?.pushed ?? null }
}

/** The drafts once the words of one were sent: its place says so, until the server knows. */
export function dropped(
  drafts: State['drafts'],
  roomId: string,
  thread: string | null,
  now: number,
): State['drafts'] {
  const id = thread ?? roomId
  const held = drafts[id] ?? { id, room_id: roomId, thread, pushed: null }
  const gone = { ...held, text: '', reply_to: null, files: [], saved_at: now, dirty: true }
  return { ...drafts, [id]: gone }
}

/** Keeps the server told of what is being written: soon, in order, and again after a failure. */
export function createDrafts({ store, wire, clock, leads }: DraftsPorts): Drafts {
  let cancel: (() => void) | null = null
  let telling = false
  let closed = false
  const read = () => store.getState()
  const untold = () => Object.values(read().drafts).filter((draft) => draft.dirty)

  const unsubscribe = store.subscribe((now, before) => {
    if (now.drafts === before.drafts) return
    const cleared = Object.values(now.drafts).some(
      (draft) => draft.dirty && isGone(draft) && before.drafts[draft.id] !== draft,
    )
    // A sent message goes first on the same socket; right behind it goes its draft.
    if (cleared) wake(0)
    else if (untold().length > 0) wake(PUSH_AFTER_MS)
  })

  function wake(ms: number): void {
    if (cancel && ms > 0) return
    cancel?.()
    cancel = clock.after(ms, () => {
      cancel = null
      void tell()
    })
  }

  async function tell(): Promise<void> {
    if (closed || telling || !leads() || !wire.online()) return
    telling = true
    try {
      for (const draft of untold()) if (!(await tellOne(draft))) return wake(RETRY_MS)
    } finally {
      telling = false
    }
    if (!closed && untold().length > 0) wake(PUSH_AFTER_MS)
  }

  /** False where the server could not be asked. */
  async function tellOne(draft: Draft): Promise<boolean> {
    note(draft, { pushed: draft.text })
    try {
      const answer = await wire.command('draft.save', takes(draft))
      if (closed) return true
      if (!answer.ok && !('fail' in judge(answer.error.code, null))) return false
      settle(draft)
      return true
    } catch (error) {
      if (!(error instanceof Unheard)) throw error
      return false
    }
  }

  /** Changes a draft where it is still the same words. */
  function note(draft: Draft, change: Partial<Draft>): void {
    const { drafts } = read()
    const held = drafts[draft.id]
    if (held) store.setState({ drafts: { ...drafts, [draft.id]: { ...held, ...change } } })
  }

  function settle(draft: Draft): void {
    const { drafts } = read()
    const held = drafts[draft.id]
    if (!held || held.saved_at !== draft.saved_at) return // written on meanwhile
    const { [draft.id]: _gone, ...others } = drafts
    store.setState({
      drafts: isEmpty(held) ? others : { ...others, [draft.id]: { ...held, dirty: false } },
    })
  }

  return {
    hurry: () => {
      for (const draft of untold())
        if (wire.mutter('draft.save', takes(draft))) note(draft, { pushed: draft.text })
    },
    resume: () => {
      if (untold().length > 0) wake(0)
    },
    close: () => {
      closed = true
      cancel?.()
      unsubscribe()
    },
  }
}

const takes = ({ room_id, thread, text, reply_to, saved_at }: Draft) => ({
  room_id,
  thread,
  text,
  reply_to,
  saved_at: new Date(saved_at).toISOString(),
})

/** Did these words come from this browser? */
export const isOwn = (draft: Draft | undefined, saved: SavedDraft | undefined) =>
  draft !== undefined && (saved?.text ?? '') === (draft.pushed ?? draft.text)
