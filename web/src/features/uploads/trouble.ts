import type { UploadError } from '@/lib/uploads'

/** What an answer of the server said, or null where none came. */
export interface Refusal {
  status: number
  code: string | null
  left: number | null
  retryAfter: number | null
}

/** What one attempt came to. */
export type Outcome =
  | { kind: 'done'; fileId: string }
  /** Paused, cancelled, or the page goes. */
  | { kind: 'stopped' }
  /** It may work the next time; the server may have said when, in seconds. */
  | { kind: 'again'; after: number | null; signIn: boolean }
  /** Only a person can help. */
  | { kind: 'failed'; error: UploadError }

/** Longer than this nobody waits unasked, in seconds. */
const LONGEST_WAIT = 300

/** Codes that pass by themselves, whatever their status says. */
const PASSING = new Set(['locked', 'offset_mismatch', 'too_many_uploads', 'unavailable', 'gone'])

/** Reads problem+json, or what a proxy in front said instead. */
export function readRefusal(
  status: number,
  body: string,
  header: (name: string) => string | undefined,
): Refusal {
  let said: { code?: unknown; left?: unknown; limit?: unknown; retry_after?: unknown } = {}
  try {
    said = JSON.parse(body) as typeof said
  } catch {
    // A proxy's page, or the answer to HEAD, which has no body.
  }
  // Of one that is too large, what it may have; of a quota, what is left of it.
  const left = said.code === 'too_large' ? said.limit : said.left
  const asked = Number(header('Retry-After'))
  return {
    status,
    code: typeof said.code === 'string' ? said.code : null,
    left: typeof left === 'number' ? left : null,
    retryAfter: typeof said.retry_after === 'number' ? said.retry_after : asked > 0 ? asked : null,
  }
}

export function judge(refusal: Refusal | null): Outcome {
  if (!refusal || refusal.status === 0) return again()
  const { status, code, left, retryAfter } = refusal
  if (status === 401) return { ...again(), signIn: true }
  if (status === 429 && (retryAfter ?? 0) <= LONGEST_WAIT) return again(retryAfter)
  if (code !== null && PASSING.has(code)) return again(retryAfter)
  const passes = status === 423 || status === 409 || (status >= 500 && status !== 507)
  if (passes && code !== 'archived') return again(retryAfter)
  return { kind: 'failed', error: { code: code ?? named(status), left, retry_after: retryAfter } }
}

const again = (after: number | null = null): Outcome & { kind: 'again' } => ({
  kind: 'again',
  after,
  signIn: false,
})

/** A proxy that takes less than we do says 413 without a word of ours. */
const named = (status: number): string => {
  if (status === 413) return 'too_large'
  if (status === 507) return 'storage_full'
  if (status === 404) return 'not_found'
  return status === 403 ? 'forbidden' : 'internal'
}
