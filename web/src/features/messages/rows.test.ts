import { expect, test } from 'vitest'
import { hold } from '@/sync/beside'
import { newSend } from '@/sync/outbox'
import { message as said } from '@/sync/testing/samples'
import { buildRows } from './rows'

const message = (...told: Parameters<typeof said>) => hold(said(...told), told[0])
const at = (minutes: number) => new Date(2026, 0, 1, 12, minutes).toISOString()
const build = (parts: Partial<Parameters<typeof buildRows>[0]>) =>
  buildRows({ messages: [], pending: [], myId: 'alice', readSeq: null, ...parts })

test('one author within five minutes keeps one head', () => {
  const rows = build({
    messages: [
      message(1, { sent_at: at(0) }),
      message(2, { sent_at: at(5) }),
      message(3, { sent_at: at(11) }),
      message(4, { sent_at: at(11), author_id: 'alice' }),
    ],
  })
  expect(rows.map((row) => row.compact)).toEqual([false, true, false, false])
})

test('a program that speaks for another begins a head of its own', () => {
  const as = (name: string) =>
    ({ kind: 'text', text: 'done', shown_as: { name, icon: null } }) as const
  const rows = build({
    messages: [
      message(1, { sent_at: at(0), body: as('CI') }),
      message(2, { sent_at: at(1), body: as('CI') }),
      message(3, { sent_at: at(2), body: as('Deploy') }),
      message(4, { sent_at: at(3) }),
    ],
  })
  expect(rows.map((row) => row.compact)).toEqual([false, true, false, false])
})

test('notes about the room stand close together', () => {
  const note = {
    kind: 'system',
    event: 'member.joined',
    account_id: null,
    text: '',
    message_id: null,
  } as const
  const rows = build({
    messages: [
      message(1, { sent_at: at(0), body: note }),
      message(2, { sent_at: at(1), body: { ...note, event: 'room.archived' }, author_id: 'eve' }),
    ],
  })
  expect(rows.map((row) => row.compact)).toEqual([false, true])
})

test('who joined one after the other is told in one line, who left in another', () => {
  const note = { kind: 'system', account_id: null, text: '', message_id: null } as const
  const joined = { ...note, event: 'member.joined' } as const
  const left = { ...note, event: 'member.left' } as const
  const rows = build({
    messages: [
      message(1, { sent_at: at(0), body: joined }),
      message(2, { sent_at: at(1), body: joined, author_id: 'eve' }),
      message(3, { sent_at: at(2), body: left, author_id: 'eve' }),
      message(4, { sent_at: at(3), body: { ...joined, account_id: 'dora' }, author_id: 'eve' }),
      message(5, { sent_at: at(4), body: joined }),
      message(6, { sent_at: at(5) }),
    ],
  })
  const told = rows.map((row) =>
    row.kind === 'message' ? [row.message, ...row.also].map((one) => one.seq) : [],
  )
  expect(told).toEqual([[1, 2], [3], [4], [5], [6]])
})

test('a reply, a system note and midnight each begin anew', () => {
  const quote = { id: 'm1', seq: 1, author_id: 'bob', text: 'text 1' }
  const night = new Date(2026, 0, 1, 23, 59).toISOString()
  const morning = new Date(2026, 0, 2, 0, 1).toISOString()
  const rows = build({
    messages: [
      message(1, { sent_at: at(0) }),
      message(2, { sent_at: at(0), reply_to: quote }),
      message(3, {
        sent_at: at(1),
        body: {
          kind: 'system',
          event: 'member.joined',
          account_id: null,
          text: '',
          message_id: null,
        },
      }),
      message(4, { sent_at: at(1) }),
      message(5, { sent_at: night }),
      message(6, { sent_at: morning }),
    ],
  })
  expect(rows.map((row) => row.compact)).toEqual([false, false, false, false, false, false])
  expect(rows.map((row) => row.startsDay)).toEqual([true, false, false, false, false, true])
})

test('the divider stands before the first message of somebody else above the read position, once', () => {
  const rows = build({
    readSeq: 2,
    messages: [
      message(1),
      message(2),
      message(3, { author_id: 'alice' }),
      message(4, {
        body: {
          kind: 'system',
          event: 'member.left',
          account_id: 'bob',
          text: '',
          message_id: null,
        },
      }),
      message(5),
      message(6),
    ],
  })
  expect(rows.map((row) => row.startsNew)).toEqual([false, false, false, false, true, false])
})

test('a message keeps its key from the first keystroke of the outbox to the log', () => {
  const intent = newSend('c9', 'green', 'on its way', null, Date.UTC(2026, 0, 1))
  const [pending] = build({ pending: [intent] })
  const [sent] = build({ messages: [message(9, { client_id: 'c9', author_id: 'alice' })] })
  expect(pending?.key).toBe(sent?.key)
})

test('a message that arrived is not shown a second time as pending', () => {
  const intent = newSend('c9', 'green', 'on its way', null, 0)
  const rows = build({
    pending: [intent],
    messages: [message(9, { client_id: 'c9', author_id: 'alice' })],
  })
  expect(rows).toHaveLength(1)
})

test("somebody else's copy of my client_id is another row", () => {
  const rows = build({
    messages: [
      message(1, { client_id: 'c9', author_id: 'alice' }),
      message(2, { client_id: 'c9' }),
    ],
  })
  expect(new Set(rows.map((row) => row.key)).size).toBe(2)
})
