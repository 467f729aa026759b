import { beforeEach, describe, expect, test, vi } from 'vitest'
import { type ApiError, http } from './http'
import { onSessionEnded } from './refresh'

type Reply = Response | Error | (() => Response)

/** A server that answers each path with its replies in turn, the last one for ever. */
function serve(replies: Record<string, readonly Reply[]>) {
  const left = new Map(Object.entries(replies).map(([path, list]) => [path, [...list]]))
  const fetch = vi.fn(async (path: string, _init?: RequestInit): Promise<Response> => {
    const list = left.get(path.replace('/api/v1/', ''))
    const reply = list && (list.length > 1 ? list.shift() : list[0])
    if (!reply) throw new Error(`nothing answers ${path}`)
    if (reply instanceof Error) throw reply
    return typeof reply === 'function' ? reply() : reply.clone()
  })
  vi.stubGlobal('fetch', fetch)
  const calls = (path: string) => fetch.mock.calls.filter(([to]) => to === `/api/v1/${path}`).length
  return { fetch, calls }
}

const json = (body: unknown, status = 200) => Response.json(body, { status })

const problem = (status: number, code: string, more: object = {}) =>
  new Response(JSON.stringify({ code, status, title: code, detail: '', ...more }), {
    status,
    headers: { 'content-type': 'application/problem+json' },
  })

const refusal = (call: Promise<unknown>) =>
  call.then(
    () => expect.fail('it went through'),
    (error: ApiError) => error,
  )

beforeEach(() => {
  vi.unstubAllGlobals()
})

describe('http', () => {
  test('gives the body and asks for cookies', async () => {
    const { fetch } = serve({
      'rooms?query=a%20b': [],
      'rooms?query=a+b&limit=2': [json({ rooms: [] })],
    })
    const query = { query: 'a b', limit: 2, cursor: null }
    expect(await http('GET', 'rooms', { query })).toEqual({ rooms: [] })
    const headers = fetch.mock.calls[0]?.[1]?.headers as Record<string, string>
    expect(headers['x-tertulia-client']).toBe('web')
  })

  test('gives nothing for 204', async () => {
    serve({ 'me/password': [new Response(null, { status: 204 })] })
    expect(await http('POST', 'me/password', { body: {} })).toBeUndefined()
  })

  test('a refusal carries code, field errors, waiting time and request id', async () => {
    const errors = [{ field: 'name', code: 'too_long', message: 'Too long' }]
    serve({ rooms: [problem(429, 'rate_limited', { errors, retry_after: 3.5, request_id: 'r1' })] })
    const error = await refusal(http('POST', 'rooms', { body: {} }))
    expect(error).toMatchObject({ code: 'rate_limited', status: 429, errors, retryAfter: 3.5 })
    expect(error.requestId).toBe('r1')
  })

  test('no answer is `network`, a proxy in the way is `unavailable`', async () => {
    serve({
      me: [new TypeError('Failed to fetch')],
      rooms: [new Response('<html>', { status: 502 })],
    })
    expect(await refusal(http('GET', 'me'))).toMatchObject({ code: 'network', status: 0 })
    expect(await refusal(http('GET', 'rooms'))).toMatchObject({ code: 'unavailable', status: 502 })
  })

  test('an abort stays an abort', async () => {
    const stop = new AbortController()
    serve({ me: [new DOMException('stop', 'AbortError')] })
    stop.abort()
    const error = await refusal(http('GET', 'me', { signal: stop.signal }))
    expect(error.name).toBe('AbortError')
  })
})

describe('an expired session', () => {
  test('is renewed once for calls that expire together', async () => {
    const { calls } = serve({
      me: [problem(401, 'token_expired'), json({ id: 'me' })],
      rooms: [problem(401, 'token_expired'), json({ rooms: [] })],
      'auth/refresh': [json({})],
    })
    const both = await Promise.all([http('GET', 'me'), http('GET', 'rooms')])
    expect(both).toEqual([{ id: 'me' }, { rooms: [] }])
    expect(calls('auth/refresh')).toBe(1)
  })

  test('is not renewed again where another tab has just done it', async () => {
    const { calls } = serve({
      me: [
        () => {
          localStorage.setItem('tertulia.refreshed-at', String(Date.now() + 1))
          return problem(401, 'token_expired')
        },
        json({ id: 'me' }),
      ],
      'auth/refresh': [problem(401, 'unauthenticated')],
    })
    expect(await http('GET', 'me')).toEqual({ id: 'me' })
    expect(calls('auth/refresh')).toBe(0)
  })

  test('that cannot be renewed is over, and everybody who asked hears it', async () => {
    serve({
      me: [problem(401, 'token_expired')],
      'auth/refresh': [problem(401, 'unauthenticated')],
    })
    const ended = vi.fn()
    const stop = onSessionEnded(ended)
    expect(await refusal(http('GET', 'me'))).toMatchObject({ status: 401 })
    expect(ended).toHaveBeenCalledTimes(1)
    stop()
  })

  test('is not over because the server is away', async () => {
    serve({ me: [problem(401, 'token_expired')], 'auth/refresh': [new TypeError('offline')] })
    const ended = vi.fn()
    const stop = onSessionEnded(ended)
    await refusal(http('GET', 'me'))
    expect(ended).not.toHaveBeenCalled()
    stop()
  })

  test('is not what a wrong password means', async () => {
    const { calls } = serve({
      'me/password': [problem(401, 'wrong_credentials')],
      'auth/refresh': [problem(401, 'unauthenticated')],
    })
    expect(await refusal(http('POST', 'me/password', { body: {} }))).toMatchObject({
      code: 'wrong_credentials',
    })
    expect(calls('auth/refresh')).toBe(0)
  })
})
