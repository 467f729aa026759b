import { expect, test } from 'vitest'
import type { Answer } from '@/wire/commands'
import type { Message } from '@/wire/messages'
import { createOutbox, due, judge, newSend, revived } from './outbox'
import { Unheard, type Wire } from './ports'
import type { Intent } from './state'
import { message } from './testing/samples'
import { settled, testClock } from './testing/test-clock'

type Said = { name: string; takes: { client_id?: string; text?: string } }

/** An outbox whose server answers whatever the test says next. */
function office(answers: (Answer<Message> | 'silence')[]) {
  const clock = testClock()
  const said: Said[] = []
  const answered: Intent[] = []
  let intents: readonly Intent[] = []
  let online = true
  const command = async (name: string, takes: unknown) => {
    said.push({ name, takes: takes as Said['takes'] })
    const answer = answers.shift()
    if (answer === 'silence' || !answer) throw new Unheard(name)
    return answer
  }
  const box = createOutbox({
    read: () => intents,
    write: (change) => {
      intents = change(intents)
    },
    wire: { command: command as Wire['command'], online: () => online },
    clock,
    leads: () => true,
    answered: (intent) => answered.push(intent),
    refused: () => {},
  })
  return {
    clock,
    said,
    answered,
    box,
    put: (...more: Intent[]) => {
      intents = [...intents, ...more]
      box.pump()
    },
    states: () => intents.map((intent) => intent.state),
    setOnline: (now: boolean) => {
      online = now
      box.pump()
    },
  }
}

const ok = (seq: number): Answer<Message> => ({ ok: true, data: message(seq) })
const no = (
  code: 'forbidden' | 'rate_limited' | 'unauthenticated',
  retry_after?: number,
): Answer<Message> => ({
  ok: false,
  error: { code, message: code, ...(retry_after !== undefined && { retry_after }) },
})
const send = (id: string, now: number, room = 'green') => newSend(id, room, `says ${id}`, null, now)

test('one room speaks in order, one at a time; rooms do not wait for each other', () => {
  const now = 1_000
  const rows = [send('a', now), send('b', now), send('c', now, 'round')]
  expect(due(rows, now).map((row) => row.id)).toEqual(['a', 'c'])
  expect(due([{ ...send('a', now), state: 'sending' }, send('b', now)], now)).toEqual([])
})

test('C2: what nobody answered is said again with the same client_id, and later each time', async () => {
  const desk = office(['silence', 'silence', ok(1)])
  desk.put(send('a', desk.clock.now()))
  await desk.clock.pass(0)
  expect(desk.said).toHaveLength(1)
  await desk.clock.pass(500)
  expect(desk.said).toHaveLength(1)
  await desk.clock.pass(60_000)
  expect(desk.said.map(({ takes }) => takes.client_id)).toEqual(['a', 'a', 'a'])
  expect(desk.states()).toEqual(['sent'])
})

test('a refusal fails the row with its reason and lets the next one through', async () => {
  const desk = office([no('forbidden'), ok(2)])
  desk.put(send('a', desk.clock.now()), send('b', desk.clock.now()))
  await settled()
  expect(desk.states()).toEqual(['failed', 'sent'])
})

test('C7: waits as long as the server says', async () => {
  const desk = office([no('rate_limited', 20), ok(1)])
  desk.put(send('a', desk.clock.now()))
  await desk.clock.pass(19_000)
  expect(desk.said).toHaveLength(1)
  await desk.clock.pass(2_000)
  expect(desk.said).toHaveLength(2)
})

test('an ended session holds words instead of failing them', async () => {
  const desk = office([no('unauthenticated')])
  desk.put(send('a', desk.clock.now()))
  await settled()
  expect(desk.states()).toEqual(['held'])
})

test('nothing goes out while offline', async () => {
  const desk = office([ok(1)])
  desk.setOnline(false)
  desk.put(send('a', desk.clock.now()))
  await desk.clock.pass(60_000)
  expect(desk.said).toEqual([])
  desk.setOnline(true)
  await settled()
  expect(desk.states()).toEqual(['sent'])
})

test('words of yesterday ask before they go, unless they were already on their way', async () => {
  const desk = office([ok(1)])
  const yesterday = desk.clock.now() - 25 * 3_600_000
  desk.put(send('a', yesterday), { ...send('b', yesterday), attempts: 1 })
  await settled()
  expect(desk.states()).toEqual(['stale', 'sent'])
})

test('what was in flight when the page went away goes again', () => {
  const row = { ...send('a', 1), state: 'sending' as const, attempts: 1 }
  expect(revived(row)).toMatchObject({ state: 'queued', id: 'a' })
  expect(revived({ ...row, state: 'failed' }).state).toBe('failed')
})

test('C8: "try again" is for those errors that leave hope', () => {
  expect(judge('unavailable', null)).toEqual({ retry: null })
  expect(judge('internal', null)).toEqual({ retry: null })
  expect(judge('archived', null)).toEqual({ fail: 'archived' })
  expect(judge('token_expired', null)).toEqual({ hold: true })
})
