import { expect, test } from 'vitest'
import type { Own } from '@/wire/sync'
import type { ThreadChanged } from '@/wire/threads'
import { emptyCircle } from './state'
import { snapshot } from './testing/samples'
import {
  callsOf,
  countReply as count,
  loseReplies,
  markThread,
  newsOf,
  readThreads,
} from './threads'

const me: Own = { ...snapshot().me, threads: [] }

const said = (seq: number, fact: Partial<ThreadChanged> = {}): ThreadChanged => ({
  root_id: 'root',
  thread: null,
  reply: { seq, author_id: 'bob', in_room: false, calls: [], calls_all: false },
  involved: { alice: 1 },
  ref: 'reply',
  ...fact,
})

const mark = (read_seq: number, following: boolean | null = null) => ({
  room_id: 'green',
  root_id: 'root',
  read_seq,
  following,
})

const countReply = (own: Own, me: string, fact: ThreadChanged, circle = emptyCircle) =>
  count(own, me, fact, circle)

const news = (own: Own) => own.threads.flatMap((thread) => [...newsOf(thread)])

test('K3: a reply in a thread that calls me is news; my own and one shown in the room are not', () => {
  const heard = [
    said(5),
    said(6, { reply: { seq: 6, author_id: 'alice', in_room: false, calls: [], calls_all: false } }),
    said(7, { reply: { seq: 7, author_id: 'bob', in_room: true, calls: [], calls_all: false } }),
  ].reduce((own, fact) => countReply(own, 'alice', fact), me)
  expect(news(heard)).toEqual([5])
})

test('N5: whom I block I do not hear in threads either', () => {
  const blocked = [{ account_id: 'bob', since: '2026-01-01T00:00:00Z' }]
  expect(news(countReply(me, 'alice', said(5), { ...emptyCircle, blocked }))).toEqual([])
})

test('K3: who is named is called; an edit or a deletion counts nothing', () => {
  const named = said(5, {
    reply: { seq: 5, author_id: 'bob', in_room: false, calls: ['alice'], calls_all: false },
  })
  const heard = countReply(countReply(me, 'alice', named), 'alice', said(6, { reply: null }))
  expect(heard.threads.flatMap((thread) => [...callsOf(thread)])).toEqual([5])
  expect(news(heard)).toEqual([5])
  expect(news(loseReplies(heard, [5]))).toEqual([])
})

test('K4: a position told before the replies it is about still reads them', () => {
  const read = markThread(me, mark(9))
  expect(news(countReply(read, 'alice', said(9)))).toEqual([])
  expect(news(countReply(read, 'alice', said(10)))).toEqual([10])
})

test('K4: replies heard before I follow are news once I do', () => {
  const heard = countReply(me, 'alice', said(9, { involved: { bob: 9 } }))
  expect(news(heard)).toEqual([])
  expect(news(markThread(heard, mark(8, true)))).toEqual([9])
  expect(news(markThread(countReply(me, 'alice', said(9)), mark(8, false)))).toEqual([])
})

test('K2: a thread that is over is forgotten', () => {
  const heard = countReply(me, 'alice', said(5))
  expect(countReply(heard, 'alice', said(6, { involved: {}, reply: null })).threads).toEqual([])
})

test('K11: all threads are read up to a seq: those held, and those heard of later', () => {
  const heard = [said(5), said(12)].reduce((own, fact) => countReply(own, 'alice', fact), me)
  const read = readThreads(markThread(heard, mark(0, true)), 9)
  expect(news(read)).toEqual([12])
  expect(read.threads[0]?.following).toBe(true)
  const other = { ...said(8), root_id: 'other' }
  expect(news(countReply(read, 'alice', other))).toEqual([12])
  expect(news(countReply(read, 'alice', { ...said(13), root_id: 'other' }))).toEqual([12, 13])
})
