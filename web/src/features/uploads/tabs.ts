import type { Upload } from '@/lib/uploads'
import { openWhispers } from '@/sync/leader'

export type Verb = 'pause' | 'resume' | 'retry' | 'cancel' | 'forget'

/** What tabs of one account tell each other about uploads. */
export type Whisper =
  | { kind: 'stands'; upload: Upload }
  | { kind: 'gone'; id: string }
  | { kind: 'do'; verb: Verb; id: string }

export const openTabs = (accountId: string, heard: (whisper: Whisper) => void) =>
  openWhispers<Whisper>(`tertulia.uploads.${accountId}`, heard)

/**
 * Runs `task` while no other tab does, however long that takes; the browser gives the lock on when
 * a tab dies. Plain http has no locks: then only who began an upload goes on with it.
 */
export async function inOneTab(
  name: string,
  signal: AbortSignal,
  task: () => Promise<void>,
): Promise<void> {
  if (!navigator.locks) return task()
  try {
    await navigator.locks.request(name, { signal }, task)
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

const TAB = 'tertulia.tab'

/** Of this tab, also after a reload. */
export function tabName(): string {
  const known = sessionStorage.getItem(TAB)
  if (known) return known
  const made = crypto.getRandomValues(new Uint32Array(4)).join('-')
  sessionStorage.setItem(TAB, made)
  return made
}
