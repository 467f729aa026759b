import { expect, test } from 'vitest'
import { dispatchTo } from '@/sync/dispatch'
import { applyEvent, takePage } from '@/sync/reducer'
import { message, page, replica, snapshot } from '@/sync/testing/samples'
import type { File } from '@/wire/files'
import type { Message } from '@/wire/messages'
import type { Event } from '@/wire/sync'
import { tables } from './room-parts'

const dispatch = dispatchTo(tables)

const file = (id: string, fields: Partial<File> = {}): File => ({
  id,
  room_id: 'green',
  account_id: 'bob',
  name: `${id}.jpg`,
  size: 10,
  media_type: 'application/octet-stream',
  state: 'checking',
  scan: 'pending',
  look: null,
  message_id: 'm2',
  created_at: '2026-01-01T00:00:00Z',
  ...fields,
})

const ready = (id: string) => file(id, { state: 'ready', scan: 'clean', media_type: 'image/jpeg' })

const body: Message['body'] = {
  kind: 'files',
  text: 'two',
  files: [
    { id: 'a', alt: '' },
    { id: 'b', alt: '' },
  ],
}

const event = (seq: number, type: string, data: unknown): Event => ({
  stream: 'room:green',
  seq,
  type,
  at: '2026-01-01T12:00:00Z',
  actor: 'bob',
  data,
})

const start = replica({ rooms: { green: snapshot({ head: 1 }) } })
const author = { id: 'bob' }
const sent = event(2, 'message.sent', {
  message: message(2, { body }),
  author,
  files: [file('a'), file('b')],
  films: [],
})
const changed = event(3, 'file.changed', { file: ready('b') })

const statesIn = (state: ReturnType<typeof applyEvent>) =>
  state.timelines.green?.messages.flatMap(({ files }) => files.map((one) => one.state))

test('what was found in a file stands beside its message, the others stay as they were', () => {
  const heard = [sent, changed].reduce((held, one) => applyEvent(dispatch, held, one), start)
  expect(statesIn(heard)).toEqual(['checking', 'ready'])
})

test('a page read before that does not undo it, and one that knows more is not undone', () => {
  const heard = [sent, changed].reduce((held, one) => applyEvent(dispatch, held, one), start)
  const told = (files: File[], head: number) =>
    page([{ ...message(2, { body }), files } as never], { head })
  const early = takePage(dispatch, heard, 'green', told([file('a'), file('b')], 2), {
    newest: true,
  })
  expect(statesIn(early)).toEqual(['checking', 'ready'])
  const late = takePage(dispatch, heard, 'green', told([ready('a'), ready('b')], 4), {
    newest: true,
  })
  const after = applyEvent(dispatch, late, event(4, 'file.changed', { file: file('a') }))
  expect(statesIn(after)).toEqual(['ready', 'ready'])
})

test('a file that is gone changes nothing, and with its message all are', () => {
  const heard = [sent, changed, event(4, 'file.changed', { file: null })].reduce(
    (held, one) => applyEvent(dispatch, held, one),
    start,
  )
  expect(statesIn(heard)).toEqual(['checking', 'ready'])
  const gone = { ...message(2), body: { kind: 'deleted', by: 'bob' } }
  expect(
    statesIn(applyEvent(dispatch, heard, event(5, 'message.deleted', { message: gone }))),
  ).toEqual([])
})
