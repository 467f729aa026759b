import { expect, it } from 'vitest'
import type { OutgoingWebhook } from '@/wire/integrations'
import { untold } from './untold'

const hook = (id: string, disabled_at: string | null): OutgoingWebhook => ({
  id,
  url: 'https://hooks.example/',
  events: ['message.sent'],
  created_by: '2',
  created_at: '2026-11-20T12:00:00Z',
  failing_since: null,
  disabled_at,
  disabled_reason: disabled_at ? 'gone' : '',
})

function memory() {
  let kept: string | null = null
  return {
    getItem: () => kept,
    setItem: (_key: string, value: string) => {
      kept = value
    },
  }
}

it('tells of each webhook that is off once, and of the next time again', () => {
  const browser = memory()
  const ids = (hooks: OutgoingWebhook[]) => untold(hooks, browser).map(({ id }) => id)
  const monday = '2026-11-16T12:00:00Z'
  expect(ids([hook('a', null), hook('b', monday)])).toEqual(['b'])
  expect(ids([hook('a', monday), hook('b', monday)])).toEqual(['a'])
  expect(ids([hook('a', monday), hook('b', null)])).toEqual([])
  expect(ids([hook('a', monday), hook('b', '2026-11-20T12:00:00Z')])).toEqual(['b'])
})
