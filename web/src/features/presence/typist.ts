import type { Clock } from '@/sync/ports'

/** Said again this often while somebody types; others forget it after six seconds. */
export const SAY_EVERY_MS = 4_000

/**
 * Turns every keystroke into a word now and then, and an empty field into an end. What `say` could
 * not say (it answers false) is said with the next keystroke.
 */
export function createTypist(clock: Pick<Clock, 'now'>, say: (active: boolean) => boolean) {
  let saidAt: number | null = null
  return (active: boolean): void => {
    if (!active) {
      if (saidAt !== null) say(false)
      saidAt = null
      return
    }
    if (saidAt !== null && clock.now() - saidAt < SAY_EVERY_MS) return
    if (say(true)) saidAt = clock.now()
  }
}
