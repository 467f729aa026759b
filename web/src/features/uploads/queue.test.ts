import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Clock } from '@/sync/ports'
import type { Attempt, Carrier, Load } from './carrier'
import { openKeep } from './kept'
import { createUploads } from './queue'
import { speedometer } from './speed'
import { judge, type Outcome, readRefusal } from './trouble'

const ROOM = 'room-1'

/** A carrier whose every attempt the test ends by hand. */
function carrierByHand() {
  const attempts: (Load & { end(outcome: Outcome): void; stopped: boolean })[] = []
  const dropped: string[] = []
  const carrier: Carrier = {
    send(load): Attempt {
      let end: (outcome: Outcome) => void = () => {}
      const outcome = new Promise<Outcome>((resolve) => {
        end = resolve
      })
      const attempt = { ...load, end, stopped: false }
      attempts.push(attempt)
      return {
        outcome,
        stop() {
          attempt.stopped = true
          end({ kind: 'stopped' })
        },
      }
    },
    drop: (url) => dropped.push(url),
  }
  return { carrier, attempts, dropped }
}

/** Time that a test lets pass. */
function handClock() {
  let now = 1_000
  let timers: { at: number; task: () => void }[] = []
  const clock: Clock = {
    now: () => now,
    after(ms, task) {
      const timer = { at: now + ms, task }
      timers.push(timer)
      return () => {
        timers = timers.filter((one) => one !== timer)
      }
    },
    random: () => 0.5,
  }
  function pass(ms: number): void {
    now += ms
    const due = timers.filter(({ at }) => at <= now)
    timers = timers.filter(({ at }) => at > now)
    for (const { task } of due) task()
  }
  return { clock, pass }
}

let accounts = 0
const opened: { close(): void }[] = []

function open(account = `account-${++accounts}`) {
  const hands = carrierByHand()
  const time = handClock()
  let back = () => {}
  const uploads = createUploads(account, {
    carrier: hands.carrier,
    keep: openKeep(account),
    clock: time.clock,
    onOnline(task) {
      back = task
      return () => {}
    },
  })
  opened.push(uploads)
  const of = (id: string) => uploads.store.getState().all[id]
  return { account, uploads, of, ...hands, ...time, online: () => back() }
}

const picture = (name = 'a.png', size = 10) =>
  new File(['x'.repeat(size)], name, { type: 'image/png', lastModified: 5 })

const AGAIN: Outcome = { kind: 'again', after: null, signIn: false }

afterEach(() => {
  for (const one of opened.splice(0)) one.close()
})

describe('an upload', () => {
  test('is there at once, runs, tells its progress and becomes a file', async () => {
    const { uploads, of, attempts, pass } = open()
    const id = uploads.add(ROOM, picture())
    expect(of(id)).toMatchObject({ state: 'waiting', room_id: ROOM, name: 'a.png', size: 10 })
    await vi.waitFor(() => expect(of(id)?.state).toBe('running'))
    const [attempt] = attempts
    expect(attempt).toMatchObject({ roomId: ROOM, name: 'a.png', mediaType: 'image/png' })
    attempt?.onProgress(2)
    pass(500)
    attempt?.onProgress(7)
    expect(of(id)).toMatchObject({ sent: 7, speed: 10 })
    attempt?.end({ kind: 'done', fileId: 'file-1' })
    await vi.waitFor(() => expect(of(id)?.state).toBe('done'))
    expect(of(id)).toMatchObject({ file_id: 'file-1', sent: 10, speed: null })
  })

  test('of many waits its turn, and one that fails holds nobody up', async () => {
    const { uploads, of, attempts } = open()
    const ids = ['a', 'b', 'c', 'd', 'e'].map((name) => uploads.add(ROOM, picture(name)))
    await vi.waitFor(() => expect(attempts).toHaveLength(3))
    attempts[0]?.end({ kind: 'failed', error: { code: 'quota_exceeded', left: 3 } })
    await vi.waitFor(() => expect(attempts).toHaveLength(4))
    const [failed = ''] = ids
    expect(of(failed)).toMatchObject({
      state: 'failed',
      error: { code: 'quota_exceeded', left: 3 },
    })
    attempts[1]?.end({ kind: 'done', fileId: 'b' })
    await vi.waitFor(() => expect(attempts).toHaveLength(5))
    uploads.retry(failed)
    await vi.waitFor(() => expect(of(failed)?.state).toBe('waiting'))
    attempts[2]?.end({ kind: 'done', fileId: 'c' })
    await vi.waitFor(() => expect(of(failed)?.state).toBe('running'))
  })

  test('pauses and goes on at the address where it grows', async () => {
    const { uploads, of, attempts } = open()
    const id = uploads.add(ROOM, picture())
    await vi.waitFor(() => expect(attempts).toHaveLength(1))
    attempts[0]?.onUrl('/api/v1/uploads/1')
    uploads.pause(id)
    await vi.waitFor(() => expect(of(id)?.state).toBe('paused'))
    expect(attempts[0]?.stopped).toBe(true)
    uploads.resume(id)
    await vi.waitFor(() => expect(attempts).toHaveLength(2))
    expect(attempts[1]?.url).toBe('/api/v1/uploads/1')
  })

  test('tries again by itself, at once when the network is back', async () => {
    const { uploads, of, attempts, pass, online } = open()
    const id = uploads.add(ROOM, picture())
    await vi.waitFor(() => expect(attempts).toHaveLength(1))
    attempts[0]?.end(AGAIN)
    await vi.waitFor(() => expect(of(id)?.state).toBe('waiting'))
    await vi.waitFor(() => {
      pass(1_000)
      expect(attempts).toHaveLength(2)
    })
    attempts[1]?.end({ kind: 'again', after: 240, signIn: false })
    await vi.waitFor(() => expect(of(id)?.state).toBe('waiting'))
    await vi.waitFor(() => {
      online()
      expect(attempts).toHaveLength(3)
    })
  })

  test('that is cancelled is gone here and at the server', async () => {
    const { uploads, of, attempts, dropped, account } = open()
    const id = uploads.add(ROOM, picture())
    await vi.waitFor(() => expect(attempts).toHaveLength(1))
    attempts[0]?.onUrl('/api/v1/uploads/1')
    uploads.cancel(id)
    expect(of(id)).toBeUndefined()
    expect(attempts[0]?.stopped).toBe(true)
    await vi.waitFor(() => expect(dropped).toEqual(['/api/v1/uploads/1']))
    await vi.waitFor(async () => expect(await openKeep(account).all()).toEqual([]))
  })

  test('that was sent is forgotten here alone', async () => {
    const { uploads, of, attempts, dropped, account } = open()
    const id = uploads.add(ROOM, picture())
    await vi.waitFor(() => expect(attempts).toHaveLength(1))
    attempts[0]?.onUrl('/api/v1/uploads/1')
    attempts[0]?.end({ kind: 'done', fileId: 'file-1' })
    await vi.waitFor(() => expect(of(id)?.state).toBe('done'))
    uploads.forget(id)
    await vi.waitFor(async () => expect(await openKeep(account).all()).toEqual([]))
    expect(dropped).toEqual([])
  })
})

describe('after a reload', () => {
  test('it goes on with the bytes that were kept', async () => {
    const before = open()
    const id = before.uploads.add(ROOM, picture())
    await vi.waitFor(() => expect(before.attempts).toHaveLength(1))
    before.attempts[0]?.onUrl('/api/v1/uploads/1')
    await vi.waitFor(async () =>
      expect((await openKeep(before.account).get(id))?.url).toBe('/api/v1/uploads/1'),
    )
    before.uploads.close()
    const after = open(before.account)
    await vi.waitFor(() => expect(after.attempts).toHaveLength(1))
    expect(after.attempts[0]).toMatchObject({ url: '/api/v1/uploads/1', name: 'a.png' })
    expect(await after.uploads.blob(id)).not.toBeNull()
    after.attempts[0]?.end({ kind: 'done', fileId: 'file-1' })
    await vi.waitFor(() => expect(after.of(id)?.file_id).toBe('file-1'))
  })

  test('a paused one stays paused', async () => {
    const before = open()
    const id = before.uploads.add(ROOM, picture())
    before.uploads.pause(id)
    await vi.waitFor(async () =>
      expect((await openKeep(before.account).get(id))?.paused).toBe(true),
    )
    before.uploads.close()
    const after = open(before.account)
    await vi.waitFor(() => expect(after.of(id)?.state).toBe('paused'))
    expect(after.attempts).toHaveLength(0)
  })

  test('a file too large to be kept is asked for, and goes on when it is chosen again', async () => {
    const account = `account-${++accounts}`
    const file = picture()
    await openKeep(account).put({
      id: 'one',
      room_id: ROOM,
      name: file.name,
      size: file.size,
      media_type: file.type,
      last_modified: file.lastModified,
      url: '/api/v1/uploads/1',
      file_id: null,
      paused: false,
      // Without locks (as here) only the tab that began it goes on.
      tab: sessionStorage.getItem('tertulia.tab') ?? '',
    })
    const after = open(account)
    await vi.waitFor(() => expect(after.of('one')?.error?.code).toBe('file_needed'))
    expect(after.uploads.add('another-room', picture())).not.toBe('one')
    expect(after.uploads.add(ROOM, file)).toBe('one')
    await vi.waitFor(() =>
      expect(after.attempts.map(({ url }) => url)).toContain('/api/v1/uploads/1'),
    )
  })
})

test('two tabs see the same, and either may stop it', async () => {
  const here = open()
  const id = here.uploads.add(ROOM, picture())
  await vi.waitFor(() => expect(here.attempts).toHaveLength(1))
  const there = open(here.account)
  here.attempts[0]?.onProgress(4)
  await vi.waitFor(() => expect(there.of(id)?.sent).toBe(4))
  there.uploads.cancel(id)
  await vi.waitFor(() => expect(here.of(id)).toBeUndefined())
  expect(here.attempts[0]?.stopped).toBe(true)
})

describe('what an answer means', () => {
  const said = (status: number, code?: string, more: object = {}) =>
    judge(readRefusal(status, code ? JSON.stringify({ code, ...more }) : '<html>', () => undefined))

  test('what passes is tried again', () => {
    expect(judge(null)).toEqual(AGAIN)
    for (const [status, code] of [
      [423, 'locked'],
      [409, 'offset_mismatch'],
      [409, 'too_many_uploads'],
      [503, 'unavailable'],
      [502, undefined],
      [410, 'gone'],
    ] as const) {
      expect(said(status, code).kind).toBe('again')
    }
    expect(said(401, 'token_expired')).toMatchObject({ kind: 'again', signIn: true })
    expect(said(429, 'rate_limited', { retry_after: 20 })).toMatchObject({ after: 20 })
  })

  test('what only a person can help says so, with what is left', () => {
    expect(said(413, 'quota_exceeded', { left: 5 })).toEqual({
      kind: 'failed',
      error: { code: 'quota_exceeded', left: 5, retry_after: null },
    })
    expect(said(413)).toMatchObject({ error: { code: 'too_large' } })
    expect(said(507, 'storage_full')).toMatchObject({ error: { code: 'storage_full' } })
    expect(said(409, 'archived').kind).toBe('failed')
    expect(said(429, 'rate_limited', { retry_after: 3000 }).kind).toBe('failed')
    expect(said(404, 'not_found')).toMatchObject({ error: { code: 'not_found' } })
  })
})

test('speed is that of the last seconds', () => {
  const speed = speedometer()
  expect(speed.at(0, 0)).toBeNull()
  expect(speed.at(1_000, 100)).toBe(100)
  for (let second = 2; second <= 20; second++) speed.at(second * 1_000, 100)
  expect(speed.at(21_000, 600)).toBe(125)
  expect(speed.at(22_000, 0)).toBeNull()
})
