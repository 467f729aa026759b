import { expect, test } from 'vitest'
import { dispatchTo } from './dispatch'
import { dropMessages, isThere } from './gone'
import { takePage } from './reducer'
import { message, page, replica, snapshot } from './testing/samples'

const dispatch = dispatchTo({ apply: [], beside: [] })
const quote = { id: 'm2', seq: 2, author_id: 'bob', text: 'text 2' }

function room() {
  const last = message(4)
  const me = { ...snapshot().me, unread: [2, 3, 4], mentions: [2, 4] }
  const before = replica({ rooms: { green: snapshot({ head: 4, me, last_message: last }) } })
  const said = [message(1), message(2), message(3, { reply_to: quote }), last]
  return takePage(dispatch, before, 'green', page(said, { head: 4 }), { newest: true })
}

test('what is gone leaves the history, the counts and the quotes of it', () => {
  const after = dropMessages(room(), 'green', [2])
  expect(after.timelines.green?.messages.map((one) => one.seq)).toEqual([1, 3, 4])
  expect(after.timelines.green?.messages[1]?.reply_to?.text).toBeNull()
  expect(after.rooms.green?.me).toMatchObject({ unread: [3, 4], mentions: [4] })
  expect(after.rooms.green?.last_message?.seq).toBe(4)
})

test('the last message is then the one before', () => {
  expect(dropMessages(room(), 'green', [3, 4]).rooms.green?.last_message?.seq).toBe(2)
})

test('of a room that is not held nothing changes', () => {
  const before = room()
  expect(dropMessages(before, 'blue', [1])).toBe(before)
})

test('hidden and expired messages are not there', () => {
  expect(isThere(message(1), [])).toBe(true)
  expect(isThere(message(1), [1])).toBe(false)
  expect(isThere(message(1, { body: { kind: 'expired' } }), [])).toBe(false)
})
