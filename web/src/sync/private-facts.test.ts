import { expect, test } from 'vitest'
import { hiddenApply, hiddenBeside } from '@/features/hidden/apply'
import { pollsBeside } from '@/features/polls/apply'
import { starsBeside } from '@/features/stars/apply'
import type { Event } from '@/wire/sync'
import type { Page, TimelineMessage } from '@/wire/timeline'
import { dispatchTo } from './dispatch'
import { createHistory } from './history'
import { applyEvent, takePage, takeRoom } from './reducer'
import type { Replica } from './state'
import { message, page, replica, snapshot } from './testing/samples'

/**
 * The race: a page of a room is read, then I star, vote or hide on this or another device, and what
 * my own stream tells of it overtakes the page. The two streams have positions of their own, so a
 * page tells both (M1).
 */

const dispatch = dispatchTo({
  apply: [hiddenApply],
  beside: [starsBeside, pollsBeside, hiddenBeside],
})
const start = replica({ head: 4, rooms: { green: snapshot({ head: 9 }) } })
const newest = { newest: true } as const

const mine = (seq: number, type: string, data: object): Event => ({
  stream: 'account:alice',
  seq,
  type,
  at: '2026-01-01T12:00:00Z',
  actor: 'alice',
  data: { room_id: 'green', message_id: 'm1', ...data },
})

const told = (own_head: number, beside: Partial<TimelineMessage> = {}): Page =>
  page([{ ...message(1), ...beside }], { head: 9, own_head, found_newest: true })

const first = (held: Replica) => held.timelines.green?.messages[0]

test('a page read before my star does not undo it', () => {
  const starred = applyEvent(dispatch, start, mine(5, 'star.changed', { starred: true }))
  expect(first(takePage(dispatch, starred, 'green', told(4), newest))?.starred).toBe(true)
})

test('a page read after my star is not undone by an earlier fact that comes late', () => {
  const ahead = takePage(dispatch, start, 'green', told(6, { starred: false }), newest)
  const late = applyEvent(dispatch, ahead, mine(5, 'star.changed', { starred: true }))
  expect(first(late)?.starred).toBe(false)
})

test('a page read before my vote does not undo it; one read after is believed', () => {
  const body = {
    kind: 'poll',
    text: 'Tea?',
    options: ['yes', 'no'],
    multiple: false,
    anonymous: false,
    closes_at: null,
  } as const
  const voted = applyEvent(dispatch, start, mine(5, 'vote.changed', { choices: [1] }))
  const poll = { body: { ...body, options: [...body.options] } }
  expect(first(takePage(dispatch, voted, 'green', told(4, poll), newest))?.my_votes).toEqual([1])
  const elsewhere = told(6, { ...poll, my_votes: [0] })
  expect(first(takePage(dispatch, voted, 'green', elsewhere, newest))?.my_votes).toEqual([0])
})

test("a fact of the room's stream is no news because of its number in my own", () => {
  const held = takePage(dispatch, start, 'green', told(4), newest)
  const starred = applyEvent(dispatch, held, mine(5, 'star.changed', { starred: true }))
  expect(first(starred)).toMatchObject({ starred: true, as_of: 9, own_as_of: 5 })
})

test('a page read before I hid a message does not bring it back, nor its words in quotes', () => {
  const gone = applyEvent(dispatch, start, mine(5, 'message.hidden', { seq: 1, hidden: true }))
  const quoting = message(2, {
    reply_to: { id: 'm1', seq: 1, author_id: 'bob', text: 'text 1' },
  })
  const early = page([message(1), quoting], { head: 9, own_head: 4, found_newest: true })
  const after = takePage(dispatch, gone, 'green', early, newest).timelines.green
  expect(after?.messages.map((one) => [one.seq, one.reply_to?.text])).toEqual([[2, null]])
})

test('a page read before I took the hiding back is read again', async () => {
  const me = { ...snapshot().me, hidden: [1] }
  let held = replica({ head: 4, rooms: { green: snapshot({ head: 9, me }) } })
  const pages = [page([message(2)], { head: 9, own_head: 4, found_newest: true })]
  pages.push(page([message(1), message(2)], { head: 9, own_head: 5, found_newest: true }))
  const never = () => Promise.reject(new Error('not asked for'))
  const history = createHistory({
    read: () => held,
    write: (change) => {
      held = change(held)
    },
    dispatch,
    rest: {
      page: async () => {
        const answer = pages.shift()
        if (!answer) throw new Error('asked too often')
        // While the first answer is on its way:
        if (held.head === 4) {
          const back = mine(5, 'message.hidden', { seq: 1, hidden: false })
          held = applyEvent(dispatch, held, back)
        }
        return answer
      },
      thread: never,
      message: never,
      person: never,
    },
  })
  await history.load('green', newest)
  expect(held.timelines.green?.messages.map((one) => one.seq)).toEqual([1, 2])
})

test('two hidings taken back at once: what a room told in between hides nothing for good', () => {
  const of = (hidden: number[]) => snapshot({ head: 9, me: { ...snapshot().me, hidden } })
  // Told between the two, and taken after both; its page lacks the second.
  let held = takeRoom(replica({ head: 6, rooms: { green: of([]) } }), of([2]))
  const between = page([message(1), message(2)], { head: 9, own_head: 6, found_newest: true })
  held = takePage(dispatch, held, 'green', between, newest)
  expect(held.timelines.green?.messages.map((one) => one.seq)).toEqual([1])
  // The next one knows both: the page is read again.
  held = takeRoom(held, of([]))
  expect(held.timelines.green).toBeUndefined()
})

test('a room that is told again as it was keeps its page', () => {
  const hidden = snapshot({ head: 9, me: { ...snapshot().me, hidden: [2] } })
  let held = replica({ head: 6, rooms: { green: hidden } })
  const read = page([message(1)], { head: 9, own_head: 6, found_newest: true })
  held = takePage(dispatch, held, 'green', read, newest)
  expect(takeRoom(held, hidden).timelines.green).toBe(held.timelines.green)
})
