import { expect, test } from 'vitest'
import type { Event } from '@/wire/sync'
import { type BesideTable, besideAll, hold } from './beside'
import { dispatchTo } from './dispatch'
import { applyEvent, takePage } from './reducer'
import { message, page, replica, snapshot } from './testing/samples'

/** A made-up feature that puts the newest word said about a message beside it. */
const notes = {
  'test.noted': {
    of: ({ message_id }: { message_id: string }) => [message_id],
    change: (_held: unknown, { word }: { word: string }) => ({ note: word }),
  },
} as unknown as BesideTable

const dispatch = dispatchTo({ apply: [], beside: [notes] })

const noted = (seq: number, word: string, message_id = 'm1'): Event => ({
  stream: 'room:green',
  seq,
  type: 'test.noted',
  at: '2026-01-01T12:00:00Z',
  actor: 'bob',
  data: { message_id, word },
})

const noteOf = (held: unknown) => (held as { note?: string } | undefined)?.note

test('an event at or below what a message was told at is no news', () => {
  const beside = besideAll([notes])
  const held = hold(message(1), 5)
  expect(beside.apply(held, noted(5, 'old'), null)).toBe(held)
  expect(noteOf(beside.apply(held, noted(6, 'new'), null))).toBe('new')
})

test('a page read before an event does not undo it, and one read after is not undone', () => {
  const start = replica({ rooms: { green: snapshot({ head: 1 }) } })
  const heard = applyEvent(dispatch, start, noted(2, 'two'))
  const early = takePage(dispatch, heard, 'green', page([message(1)], { head: 1 }), {
    newest: true,
  })
  expect(noteOf(early.timelines.green?.messages[0])).toBe('two')

  const told = page([{ ...message(1), note: 'three' } as never], { head: 3 })
  const ahead = takePage(dispatch, heard, 'green', told, { newest: true })
  const after = applyEvent(dispatch, ahead, noted(3, 'late'))
  expect(noteOf(after.timelines.green?.messages[0])).toBe('three')
  expect(noteOf(applyEvent(dispatch, after, noted(4, 'four')).timelines.green?.messages[0])).toBe(
    'four',
  )
})

test('new words leave what stands beside them', () => {
  const start = takePage(
    dispatch,
    replica({ rooms: { green: snapshot({ head: 1 }) } }),
    'green',
    page([message(1)], { head: 1 }),
    { newest: true },
  )
  const heard = applyEvent(dispatch, start, noted(2, 'two'))
  const edited = message(1, {
    body: { kind: 'text', text: 'new' },
    edited_at: '2026-01-01T13:00:00Z',
  })
  const stale = takePage(dispatch, heard, 'green', page([edited], { head: 1 }), { newest: true })
  const [held] = stale.timelines.green?.messages ?? []
  expect(held?.body).toEqual({ kind: 'text', text: 'new' })
  expect(noteOf(held)).toBe('two')
})
