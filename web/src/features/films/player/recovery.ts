import type { Trouble } from './control'

/** What went wrong, as far as it matters for going on. `status` is HTTP's, 0 where nobody answered. */
export type Failure = { kind: 'network'; status: number } | { kind: 'media' } | { kind: 'other' }

/** What was tried since the film last went on. */
export interface Tries {
  network: number
  media: number
  /** When the decoder last failed, in ms. */
  mediaAt: number
}

export const untried: Tries = { network: 0, media: 0, mediaAt: 0 }

export type Next =
  /** Load again after so many ms. */
  | { do: 'reload'; after: number }
  /** The session ran out: renew it, then load again. */
  | { do: 'renew' }
  /** Throw the decoder's buffers away and fill them again. */
  | { do: 'recover' }
  | { do: 'give up'; trouble: Trouble }

const NETWORK_TRIES = 6
const FIRST_WAIT = 1_000
const LONGEST_WAIT = 16_000
const MEDIA_TRIES = 2
/** A decoder that held out this long failed anew, not again. */
const MEDIA_FORGOTTEN = 30_000

/**
 * What to do now, and what was tried then. `now` is in ms; `chance` in [0, 1) spreads the waits of
 * many viewers whose server comes back.
 */
export function nextAfter(
  failure: Failure,
  tries: Tries,
  { now, chance }: { now: number; chance: number },
): [Next, Tries] {
  if (failure.kind === 'media') {
    const media = now - tries.mediaAt > MEDIA_FORGOTTEN ? 0 : tries.media
    if (media >= MEDIA_TRIES) return [{ do: 'give up', trouble: 'broken' }, tries]
    return [{ do: 'recover' }, { ...tries, media: media + 1, mediaAt: now }]
  }
  if (failure.kind === 'other') return [{ do: 'give up', trouble: 'unplayable' }, tries]
  const again = { ...tries, network: tries.network + 1 }
  if (failure.status === 401 && tries.network < 2) return [{ do: 'renew' }, again]
  if (failure.status >= 400 && failure.status < 500 && ![408, 425, 429].includes(failure.status)) {
    return [{ do: 'give up', trouble: 'forbidden' }, tries]
  }
  if (tries.network >= NETWORK_TRIES) return [{ do: 'give up', trouble: 'away' }, tries]
  const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** tries.network)
  return [{ do: 'reload', after: wait * (0.75 + chance / 2) }, again]
}
