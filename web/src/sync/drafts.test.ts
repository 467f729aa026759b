import { expect, test } from 'vitest'
import { createStore } from 'zustand/vanilla'
import type { SaveDraft } from '@/wire/drafts'
import { createDrafts, draftOf, dropped, isOwn, PUSH_AFTER_MS, rewritten } from './drafts'
import { Unheard } from './ports'
import { type Draft, emptyReplica, emptyState, type State } from './state'
import { testClock } from './testing/test-clock'

const written = (text: string, saved_at: number): Draft => ({
  id: 'green', room_id: 'green', thread: null, text, reply_to: null, saved_at,
  dirty: true, pushed: null,
}) // biome-ignore format: a table

function desk({ online = true, leads = true } = {}) {
  const clock = testClock()
  const store = createStore<State>(() => ({ ...emptyState }))
  const told: SaveDraft[] = []
  const wire = { isOnline: online, hears: true }
  const drafts = createDrafts({
    store,
    clock,
    leads: () => leads,
    wire: {
      online: () => wire.isOnline,
      mutter: (_name, takes) => {
        told.push(takes as never)
        return true
      },
      command: async (_name, takes) => {
        if (!wire.hears) throw new Unheard()
        told.push(takes as never)
        return { ok: true, data: { draft: null } } as never
      },
    },
  })
  const write = (draft: Draft) =>
    store.setState({ drafts: { ...store.getState().drafts, [draft.id]: draft } })
  return { clock, store, told, wire, drafts, write }
}

const texts = (told: readonly SaveDraft[]) => told.map((one) => one.text)

test('words are told soon, once, as they stand then', async () => {
  const { clock, store, told, write } = desk()
  write(written('I', 1))
  write(written('I could', 2))
  await clock.pass(PUSH_AFTER_MS - 1)
  expect(told).toEqual([])
  await clock.pass(1)
  expect(texts(told)).toEqual(['I could'])
  expect(store.getState().drafts.green).toMatchObject({ dirty: false, pushed: 'I could' })
})

test('that a draft was sent is told at once, and then nothing is left of it here', async () => {
  const { clock, store, told, write } = desk()
  write(written('I could', 1))
  store.setState({ drafts: dropped(store.getState().drafts, 'green', null, 2) })
  await clock.pass(0)
  expect(texts(told)).toEqual([''])
  expect(store.getState().drafts).toEqual({})
})

test('what could not be told is told when the socket is back', async () => {
  const { clock, told, wire, drafts, write } = desk({ online: false })
  write(written('I could', 1))
  await clock.pass(PUSH_AFTER_MS)
  expect(told).toEqual([])
  wire.isOnline = true
  drafts.resume()
  await clock.pass(0)
  expect(texts(told)).toEqual(['I could'])
})

test('an answer that never comes is asked for again', async () => {
  const { clock, told, wire, write } = desk()
  wire.hears = false
  write(written('I could', 1))
  await clock.pass(PUSH_AFTER_MS)
  wire.hears = true
  await clock.pass(10_000)
  expect(texts(told)).toEqual(['I could'])
})

test('only the tab that leads tells', async () => {
  const { clock, told, write } = desk({ leads: false })
  write(written('I could', 1))
  await clock.pass(60_000)
  expect(told).toEqual([])
})

test('a page that goes tells without waiting', () => {
  const { told, drafts, write } = desk()
  write(written('half a thou', 1))
  drafts.hurry()
  expect(texts(told)).toEqual(['half a thou'])
})

test('what is written here counts until it is told; then what the server holds', () => {
  const saved = { ...written('elsewhere', 1), saved_at: '2026-01-01T00:00:00Z' }
  const own = { ...emptyState.own, drafts: [saved] }
  const dirty = written('here', 2)
  expect(draftOf({ own, drafts: { green: dirty } }, 'green')?.text).toBe('here')
  expect(draftOf({ own, drafts: { green: { ...dirty, dirty: false } } }, 'green')?.text).toBe(
    'elsewhere',
  )
  expect(draftOf({ own, drafts: { green: { ...dirty, text: '' } } }, 'green')).toBeNull()
  expect(draftOf({ own, drafts: {} }, 'blue')).toBeNull()
})

test('an echo of our own words is no news', () => {
  const saved = { ...written('I co', 1), saved_at: '2026-01-01T00:00:00Z' }
  expect(isOwn({ ...written('I could', 2), pushed: 'I co' }, saved)).toBe(true)
  expect(isOwn({ ...written('I could', 2), pushed: 'I could' }, saved)).toBe(false)
  expect(isOwn(undefined, saved)).toBe(false)
})

test('writing the same again is no change', () => {
  const draft = written('here', 1)
  expect(rewritten(draft, { ...draft, saved_at: 9 })).toBeNull()
  expect(rewritten(undefined, { ...draft, text: '' })).toBeNull()
  expect(rewritten(draft, { ...draft, text: 'there', saved_at: 9 })).toMatchObject({
    text: 'there', saved_at: 9, dirty: true,
  }) // biome-ignore format: one line
})

test('with files beside them, words that were told but not heard back are still there', () => {
  const draft = {
    id: 'green',
    room_id: 'green',
    thread: null,
    text: 'caption',
    reply_to: null,
    saved_at: 1,
    dirty: false,
    pushed: 'caption',
  }
  const file = { upload: 'a', file_id: null, alt: '', name: 'a', size: 1, media_type: 'image/png' }
  const { own } = emptyReplica
  const of = (files: (typeof file)[]) =>
    draftOf({ drafts: { green: { ...draft, files } }, own }, 'green')
  expect(of([file])?.text).toBe('caption')
  expect(of([])).toBeNull()
})
