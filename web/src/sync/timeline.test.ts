import { describe, expect, test } from 'vitest'
import { heldPage, message, page } from './testing/samples'
import {
  addMessage,
  addPage,
  coverSeq,
  emptyTimeline,
  joinSpan,
  messagesIn,
  reviseMessage,
  spanOf,
} from './timeline'

describe('spans', () => {
  test('join what touches, and keep what does not apart', () => {
    expect(joinSpan([[1, 3]], [4, 6])).toEqual([[1, 6]])
    expect(joinSpan([[1, 3]], [5, 6])).toEqual([
      [1, 3],
      [5, 6],
    ])
    expect(
      joinSpan(
        [
          [1, 3],
          [8, 9],
        ],
        [3, 8],
      ),
    ).toEqual([[1, 9]])
  })

  test('a page answers for seqs that hold no message', () => {
    expect(spanOf(page([message(4)], { found_newest: true, head: 9 }), { newest: true })).toEqual([
      4, 9,
    ])
    expect(spanOf(page([message(4)], { found_oldest: true }), { before: 8 })).toEqual([1, 7])
    expect(spanOf(page([]), { after: 8 })).toBeNull()
    expect(spanOf(page([], { found_newest: true, head: 9 }), { after: 8 })).toEqual([9, 9])
  })
})

test('a live message beyond a hole is held apart from what is before the hole', () => {
  const old = addPage(
    emptyTimeline,
    heldPage([message(1), message(2)], { found_oldest: true }),
    { before: 3 },
    [],
  )
  const held = coverSeq(addMessage(old, message(9)), 9)
  expect(held.spans).toEqual([
    [1, 2],
    [9, 9],
  ])
  expect(messagesIn(held, [9, 9]).map((m) => m.seq)).toEqual([9])
})

test('a page read before an edit does not undo it, not even in quotes', () => {
  const edited = message(1, {
    body: { kind: 'text', text: 'new' },
    edited_at: '2026-01-01T13:00:00Z',
  })
  const quoting = message(2, { reply_to: { id: 'm1', seq: 1, author_id: 'bob', text: 'text 1' } })
  const held = addPage(emptyTimeline, heldPage([message(1), quoting]), { newest: true }, [edited])
  expect(held.messages[0]?.body).toEqual({ kind: 'text', text: 'new' })
  expect(held.messages[1]?.reply_to?.text).toBe('new')
})

test('an edit brings no older quote: its answer may be overtaken by an edit of what it quotes', () => {
  const reply_to = { id: 'm1', seq: 1, author_id: 'bob', text: 'text 1' }
  const quoting = message(2, { reply_to })
  const held = addPage(emptyTimeline, heldPage([message(1), quoting]), { newest: true }, [])
  const body = { kind: 'text', text: 'new' } as const
  const requoted = reviseMessage(held, message(1, { body, edited_at: '2026-01-01T13:00:00Z' }))
  const mine = message(2, { reply_to, body, edited_at: '2026-01-01T13:00:01Z' })
  const after = reviseMessage(requoted, mine).messages[1]
  expect(after?.body).toEqual(body)
  expect(after?.reply_to?.text).toBe('new')
})

test('R3: a tombstone stays one, and empties the quotes of it', () => {
  const gone = message(1, { body: { kind: 'deleted', by: 'bob' } })
  const quoting = message(2, { reply_to: { id: 'm1', seq: 1, author_id: 'bob', text: 'text 1' } })
  const held = addPage(emptyTimeline, heldPage([message(1), quoting]), { newest: true }, [])
  const after = addMessage(reviseMessage(held, gone), message(1))
  expect(after.messages[0]?.body.kind).toBe('deleted')
  expect(after.messages[1]?.reply_to?.text).toBeNull()
})

test('R2: a quote takes 200 characters of the new text, whole ones', () => {
  const long = message(1, {
    body: { kind: 'text', text: '🦉'.repeat(300) },
    edited_at: '2026-01-01T13:00:00Z',
  })
  const quoting = message(2, { reply_to: { id: 'm1', seq: 1, author_id: 'bob', text: 'text 1' } })
  const held = addPage(emptyTimeline, heldPage([message(1), quoting]), { newest: true }, [])
  expect(reviseMessage(held, long).messages[1]?.reply_to?.text).toBe('🦉'.repeat(200))
})
