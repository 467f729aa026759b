import type { ErrorCode, FieldError, Problem } from '@/wire/errors'
import { refreshSession } from './refresh'

/** `network` is ours: no answer came at all, so nothing is known to have happened. */
export type ApiErrorCode = ErrorCode | 'network' | (string & {})

/** A refusal of the server (RFC 9457), or `status` 0 where it could not be reached. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: ApiErrorCode
  readonly status: number
  readonly errors: readonly FieldError[]
  /** Seconds to wait before trying again, where the server said so. */
  readonly retryAfter: number | null
  readonly requestId: string | null

  constructor(problem: Partial<Problem> & { code: ApiErrorCode; status: number }) {
    super(problem.detail || problem.title || problem.code)
    this.code = problem.code
    this.status = problem.status
    this.errors = problem.errors ?? []
    this.retryAfter = problem.retry_after ?? null
    this.requestId = problem.request_id ?? null
  }
}

/** Something is in the wrong state for it, or full. */
export const isConflict = (error: unknown) => error instanceof ApiError && error.code === 'conflict'

export interface RequestOptions {
  body?: unknown
  query?: Readonly<Record<string, string | number | boolean | null | undefined>>
  signal?: AbortSignal
  /** Off for the calls that make or end a session: their 401 is an answer, not an expiry. */
  renew?: boolean
}

/**
 * Calls `/api/v1/<path>` with the session cookie and gives the parsed body (`undefined` for 204).
 *
 * An expired access token is renewed once, behind the caller's back; several calls that expire
 * together renew together. Throws `ApiError`; an abort stays an `AbortError`.
 */
export async function http<Result>(
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE',
  path: string,
  options: RequestOptions = {},
): Promise<Result> {
  const startedAt = Date.now()
  let response = await send(method, path, options)
  if (response.ok) return read<Result>(response)
  let error = await toError(response)
  if (options.renew !== false && isExpired(error) && (await refreshSession(startedAt))) {
    response = await send(method, path, options)
    if (response.ok) return read<Result>(response)
    error = await toError(response)
  }
  throw error
}

/** A wrong password is a 401 too, but no renewal makes it right. */
const isExpired = (error: ApiError) => error.status === 401 && error.code !== 'wrong_credentials'

async function read<Result>(response: Response): Promise<Result> {
  if (response.status === 204) return undefined as Result
  return (await response.json()) as Result
}

async function send(method: string, path: string, options: RequestOptions): Promise<Response> {
  const headers: Record<string, string> = {
    accept: 'application/json',
    // Asks for cookies rather than tokens in the body (protocol H1).
    'x-tertulia-client': 'web',
  }
  if (options.body !== undefined) headers['content-type'] = 'application/json'
  try {
    return await fetch(address(path, options.query), {
      method,
      headers,
      credentials: 'same-origin',
      body: options.body === undefined ? null : JSON.stringify(options.body),
      signal: options.signal ?? null,
    })
  } catch (cause) {
    if (options.signal?.aborted) throw cause
    throw new ApiError({ code: 'network', status: 0 })
  }
}

function address(path: string, query: RequestOptions['query']): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== null && value !== undefined) search.set(name, String(value))
  }
  const text = search.toString()
  return `/api/v1/${path}${text && `?${text}`}`
}

async function toError(response: Response): Promise<ApiError> {
  const problem = await readProblem(response)
  const header = Number(response.headers.get('retry-after'))
  if (problem.retry_after === undefined && header > 0) problem.retry_after = header
  // A proxy in front may answer for a server that is away, and then in HTML.
  const code = problem.code ?? (response.status >= 502 ? 'unavailable' : 'internal')
  return new ApiError({ ...problem, code, status: response.status })
}

async function readProblem(response: Response): Promise<Partial<Problem>> {
  if (!response.headers.get('content-type')?.includes('json')) return {}
  try {
    return (await response.json()) as Partial<Problem>
  } catch {
    return {}
  }
}
