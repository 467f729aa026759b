import { expect, test } from 'vitest'
import type { PollBody } from '@/wire/messages'
import { mayClose, shares, votesAfter } from './tally'

const body: PollBody & { kind: 'poll' } = {
  kind: 'poll',
  text: 'Red or white?',
  options: ['Red', 'White', 'Water'],
  multiple: true,
  anonymous: false,
  closes_at: null,
}

test('pressing chooses, another changes or joins, the same takes it back', () => {
  expect(votesAfter([], 1, false)).toEqual([1])
  expect(votesAfter([1], 2, false)).toEqual([2])
  expect(votesAfter([1], 1, false)).toEqual([])
  expect(votesAfter([2], 0, true)).toEqual([0, 2])
  expect(votesAfter([0, 2], 2, true)).toEqual([0])
})

test('my wish counts in place of my vote', () => {
  const poll = { counts: [1, 2, 0], people: [[], [], []], voters: 2, closed_at: null }
  const told = { body, poll, my_votes: [1] }
  expect(shares(told, [1])).toEqual({ counts: [1, 2, 0], voters: 2 })
  expect(shares(told, [0, 2])).toEqual({ counts: [2, 1, 1], voters: 2 })
  expect(shares(told, [])).toEqual({ counts: [1, 1, 0], voters: 1 })
  expect(shares({ body, poll: null, my_votes: [] }, [2])).toEqual({ counts: [0, 0, 1], voters: 1 })
})

test('its author or who keeps order closes it', () => {
  expect(mayClose(true, 'guest')).toBe(true)
  expect(mayClose(false, 'member')).toBe(false)
  expect(mayClose(false, 'moderator')).toBe(true)
})
