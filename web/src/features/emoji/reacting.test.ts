import { expect, test, vi } from 'vitest'
import type { Reaction } from '@/wire/reactions'
import { changed } from './apply'
import { createReacting, type ReactingPorts, wished, wishKey } from './reacting'

const reaction = (emoji: string, change: Partial<Reaction> = {}): Reaction => ({
  emoji,
  count: 1,
  accounts: ['ana'],
  since: 1,
  mine: false,
  ...change,
})

const fact = {
  message_id: 'm1',
  account_id: 'ana',
  added: true,
  emoji: '👍',
  count: 1,
  accounts: ['ana'],
  since: 5,
}

test('what is mine follows me and nobody else (M2)', () => {
  const first = changed([], fact, 'ana')
  expect(first).toEqual([reaction('👍', { since: 5, mine: true })])
  const both = changed(
    first,
    { ...fact, account_id: 'bob', count: 2, accounts: ['ana', 'bob'] },
    'ana',
  )
  expect(both[0]).toMatchObject({ count: 2, mine: true })
  const gone = changed(
    both,
    { ...fact, added: false, count: 1, accounts: ['bob'], since: 6 },
    'ana',
  )
  expect(gone[0]).toMatchObject({ count: 1, mine: false, since: 6 })
  expect(changed(gone, { ...fact, account_id: 'bob', added: false, count: 0 }, 'ana')).toEqual([])
})

test('emoji stand in the order of their oldest reaction', () => {
  const held = [reaction('👍', { since: 3 }), reaction('🎉', { since: 4 })]
  const moved = changed(held, { ...fact, account_id: 'bob', emoji: '👍', since: 9 }, 'ana')
  expect(moved.map((one) => one.emoji)).toEqual(['🎉', '👍'])
})

test('a wish shows at once: a new emoji, one more, one less', () => {
  const held = [reaction('👍'), reaction('🎉', { mine: true, accounts: ['me'] })]
  const key = (emoji: string) => wishKey('m1', emoji)
  const shown = wished(
    held,
    { [key('👍')]: true, [key('🎉')]: false, [key('👀')]: true, 'm2 🔥': true },
    'm1',
    'me',
  )
  expect(shown.map((one) => [one.emoji, one.count, one.mine])).toEqual([
    ['👍', 2, true],
    ['👀', 1, true],
  ])
  expect(wished(held, {}, 'm1', 'me')).toBe(held)
  expect(wished(held, { [key('🎉')]: true }, 'm1', 'me')).toEqual(held)
})

function stage(call: NonNullable<ReactingPorts['call']>) {
  const refused = vi.fn()
  let show = () => {}
  const reacting = createReacting({
    clock: { now: () => 0, random: () => 0, after: () => () => {} },
    refused,
    whenShown: (_message, _emoji, _mine, task) => {
      show = task
      return () => {}
    },
    call,
  })
  return { reacting, refused, show: () => show() }
}

const message = { id: 'm1', room_id: 'r1' }

test('a wish stands until the room shows it', async () => {
  const call = vi.fn(async () => undefined as never)
  const { reacting, show } = stage(call)
  const done = reacting.set(message, '👍', true)
  expect(reacting.wishes.getState()).toEqual({ 'm1 👍': true })
  await done
  expect(call).toHaveBeenCalledWith('PUT', 'rooms/r1/messages/m1/reactions/%F0%9F%91%8D')
  expect(reacting.wishes.getState()).toEqual({ 'm1 👍': true })
  show()
  expect(reacting.wishes.getState()).toEqual({})
})

test('what the server refuses is taken back, and said', async () => {
  const error = new Error('no')
  const { reacting, refused } = stage(() => Promise.reject(error))
  await reacting.set(message, '👍', true)
  expect(reacting.wishes.getState()).toEqual({})
  expect(refused).toHaveBeenCalledWith(error)
})

test('an older answer does not undo a newer wish', async () => {
  let refuse = (_error: Error) => {}
  const calls = [
    () => new Promise<never>((_, reject) => (refuse = reject)),
    () => Promise.resolve(undefined as never),
  ]
  const { reacting } = stage(() => (calls.shift() ?? calls[0])?.() as never)
  const first = reacting.set(message, '👍', true)
  const second = reacting.set(message, '👍', false)
  refuse(new Error('late'))
  await Promise.all([first, second])
  expect(reacting.wishes.getState()).toEqual({ 'm1 👍': false })
})
