import { expect, test } from 'vitest'
import type { SwitcherItem } from '@/lib/switcher'
import { rank } from './rank'

const item = (label: string, more: Partial<SwitcherItem> = {}): SwitcherItem => ({
  id: label,
  label,
  group: 'Rooms',
  run: () => undefined,
  ...more,
})

const labels = (query: string, ...items: SwitcherItem[]) =>
  rank(query, items).map(({ item }) => item.label)

test('asked nothing, the heaviest come first: read lately, unread', () => {
  const found = labels(
    '',
    item('old'),
    item('unread', { weight: 1 }),
    item('late', { weight: 0.5 }),
  )
  expect(found).toEqual(['unread', 'late', 'old'])
})

test('weight decides among equal fits, and never against a better one', () => {
  const [first] = labels('kit', item('kitty'), item('kites', { weight: 1 }))
  expect(first).toBe('kites')
  expect(labels('kit', item('toolkit', { weight: 1 }), item('kitchen'))).toEqual([
    'kitchen',
    'toolkit',
  ])
})

test('finds by username, a little after the name people see', () => {
  const items = [item('Robert', { keywords: 'bob' }), item('Bobby')]
  expect(labels('bo', ...items)).toEqual(['Bobby', 'Robert'])
  expect(labels('bob', ...items)).toEqual(['Robert', 'Bobby']) // that is him, to the letter
})

test('keeps groups together, that of the best fit first', () => {
  const people = { group: 'People' }
  const found = labels('an', item('Plans'), item('Ana', people), item('Evan', people), item('Xan'))
  expect(found).toEqual(['Ana', 'Evan', 'Xan', 'Plans'])
})

test('one group does not push the others out', () => {
  const many = Array.from({ length: 100 }, (_, at) => item(`room ${at}`))
  const found = rank('room', [...many, item('my room', { group: 'People' })])
  expect(found.length).toBe(21)
})
