import { afterEach, expect, test } from 'vitest'
import { createStore } from 'zustand/vanilla'
import type { Attached, Upload, Uploads } from '@/lib/uploads'
import { due, newSend } from '@/sync/outbox'
import { emptyState, type State } from '@/sync/state'
import { testClock } from '@/sync/testing/test-clock'
import { createWords } from '@/sync/words'
import type { Event } from '@/wire/sync'
import { joinUploads } from './sending'

const attached = (upload: string, fields: Partial<Attached> = {}): Attached => ({
  upload,
  file_id: null,
  alt: '',
  name: `${upload}.png`,
  size: 100,
  media_type: 'image/png',
  ...fields,
})

const running = (id: string, fields: Partial<Upload> = {}): Upload => ({
  id,
  room_id: 'green',
  name: `${id}.png`,
  size: 100,
  media_type: 'image/png',
  sent: 0,
  speed: null,
  state: 'running',
  file_id: null,
  error: null,
  ...fields,
})

let leave = () => {}
afterEach(() => leave())

/** A message with files on its way, another behind it, and the queue that carries them. */
function scene(...files: readonly Attached[]) {
  const clock = testClock(1)
  const send = newSend('m1', 'green', 'caption', null, clock.now(), undefined, files)
  const behind = newSend('m2', 'green', 'behind', null, clock.now())
  const store = createStore<State>()(() => ({ ...emptyState, outbox: [send, behind] }))
  const uploads = createStore<{ all: Readonly<Record<string, Upload>> }>()(() => ({
    all: Object.fromEntries(files.map(({ upload }) => [upload, running(upload)])),
  }))
  const done: string[] = []
  const ears = new Set<(event: Event) => void>()
  const words = createWords({
    read: store.getState,
    write: (change) => store.setState(change),
    clock,
    pump: () => {},
    told: () => {},
  })
  const change = (id: string, fields: Partial<Upload>) =>
    uploads.setState(({ all }) => ({ all: { ...all, [id]: { ...running(id), ...fields } } }))
  const queue: Uploads = {
    store: uploads,
    add: () => '',
    pause: () => {},
    resume: () => {},
    retry: (id) => {
      done.push(`retry ${id}`)
      change(id, { state: 'running' })
    },
    cancel: (id) => done.push(`cancel ${id}`),
    forget: (id) => done.push(`forget ${id}`),
    blob: async () => null,
  }
  const onFact = (ear: (event: Event) => void) => {
    ears.add(ear)
    return () => ears.delete(ear)
  }
  leave = joinUploads({ store, words, onFact }, queue, clock)
  const hear = (id: string, fields: object = {}) => {
    const file = { id, state: 'ready', media_type: 'image/png', look: null, ...fields }
    const event = { stream: 'account:me', seq: 1, type: 'file.checked', at: '', actor: 'me' }
    for (const ear of ears) ear({ ...event, data: { file } } as Event)
  }
  const goes = () => due(store.getState().outbox, clock.now()).map(({ id }) => id)
  return { clock, store, words, change, hear, goes, done }
}

const first = (store: { getState(): State }) => {
  const [intent] = store.getState().outbox
  if (intent?.kind !== 'send') throw new Error('no message')
  return intent
}

test('a message goes when all its files are there and were looked at, and what is behind waits', () => {
  const { change, hear, goes, store } = scene(attached('a'), attached('b'))
  expect(goes()).toEqual([])
  change('a', { state: 'done', file_id: 'fa' })
  hear('fa', { look: { width: 40, height: 30 } })
  expect(goes()).toEqual([])
  // The fact may come before the queue knows that it is done.
  hear('fb')
  change('b', { state: 'done', file_id: 'fb' })
  expect(goes()).toEqual(['m1'])
  expect(first(store).files?.map((file) => [file.file_id, file.width])).toEqual([
    ['fa', 40],
    ['fb', undefined],
  ])
})

test('what is not looked at in time goes as it is', async () => {
  const { clock, change, goes } = scene(attached('a'))
  change('a', { state: 'done', file_id: 'fa' })
  expect(goes()).toEqual([])
  await clock.pass(5_000)
  expect(goes()).toEqual(['m1'])
})

test('a file that cannot be sent stops its message alone; trying again sends it anew', () => {
  const { change, goes, store, words, done } = scene(attached('a'))
  change('a', { state: 'failed', error: { code: 'storage_full' } })
  expect(first(store)).toMatchObject({ state: 'failed', error: 'storage_full' })
  expect(goes()).toEqual(['m2'])
  words.retry('m1')
  expect(done).toEqual(['retry a'])
  expect(first(store).state).toBe('queued')
})

test('one with a virus is never sent', () => {
  const { change, hear, goes, store, words } = scene(attached('a'))
  change('a', { state: 'done', file_id: 'fa' })
  hear('fa', { state: 'infected' })
  expect(first(store)).toMatchObject({ state: 'failed', error: 'conflict' })
  expect(first(store).files?.[0]).toMatchObject({ refused: 'infected', file_id: null })
  expect(goes()).toEqual(['m2'])
  words.retry('m1')
  expect(goes()).toEqual(['m2'])
})

test('sent, its bytes may go here; thrown away, they go everywhere', () => {
  const sent = scene(attached('a', { file_id: 'fa' }))
  sent.store.setState({ outbox: [{ ...first(sent.store), state: 'sent' }] })
  sent.store.setState({ outbox: [] })
  expect(sent.done).toEqual(['forget a'])
  const dropped = scene(attached('a'))
  dropped.words.discard('m1')
  expect(dropped.done).toEqual(['cancel a'])
})

test('from the draft into the outbox nothing is lost on the way', () => {
  const { store, words, done } = scene()
  words.attach('green', null, [attached('a')])
  words.saveDraft('green', 'caption', null)
  expect(store.getState().drafts.green).toMatchObject({ text: 'caption', files: [{ upload: 'a' }] })
  words.send('green', 'caption', null, undefined, store.getState().drafts.green?.files)
  expect(store.getState().drafts.green?.files).toEqual([])
  expect(done).toEqual([])
  words.know('a', { file_id: 'fa', alt: 'A boat' })
  expect(store.getState().outbox.at(-1)).toMatchObject({
    files: [{ file_id: 'fa', alt: 'A boat' }],
  })
})
