import { expect, test } from 'vitest'
import { calls, type Hearing, type Said } from './calls'

const [ME, THEM] = ['me', 'them']

/** The same rows as in the server's tests/features/mentions/test_calling.py. */
const rows: readonly [string, boolean, Partial<Said> & Hearing][] = [
  ['a word in a room', true, {}],
  ['my own', false, { author: ME, mentions: [ME] }],
  ['a word in a muted room', false, { muted: true }],
  ['my name in a muted room', true, { muted: true, mentions: [ME] }],
  ['the room in a muted room', false, { muted: true, room: true }],
  ['mentions only: a word', false, { level: 'mentions' }],
  ['mentions only: my name', true, { level: 'mentions', mentions: [ME] }],
  ['mentions only: the room', true, { level: 'mentions', room: true }],
  ['mentions only: I am here', true, { level: 'mentions', here: [ME] }],
  ['mentions only: another is here', false, { level: 'mentions', here: [THEM] }],
  ['mentions only: said to me alone', true, { level: 'mentions', direct: true }],
  ['nothing: my name', false, { level: 'nothing', mentions: [ME] }],
  ['nothing: said to me alone', false, { level: 'nothing', direct: true }],
  ['a thread that calls me', true, { level: 'mentions', follows: true }],
  ['a thread that does not', false, { follows: false }],
  ['a thread that does not, the room', false, { follows: false, room: true }],
  ['a thread that does not, my name', true, { follows: false, mentions: [ME] }],
  ['a thread that calls me in a muted room', false, { follows: true, muted: true }],
  ['a thread that calls me, the room', true, { follows: true, room: true }],
]

test.each(rows)('%s: %s', (_, called, given) => {
  expect(calls(ME, { author: THEM, ...given }, given)).toBe(called)
})
