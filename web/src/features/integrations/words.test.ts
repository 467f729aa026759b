import { describe, expect, it } from 'vitest'
import { ApiError } from '@/lib/http'
import type { Delivery, OutgoingWebhook } from '@/wire/integrations'
import {
  askingCommand,
  deliveryText,
  eventText,
  hostOf,
  sayingCommand,
  stateOf,
  stateText,
  wrongField,
} from './words'

const now = new Date('2026-11-21T12:00:00Z')

const hook = (more: Partial<OutgoingWebhook> = {}): OutgoingWebhook => ({
  id: '1',
  url: 'https://hooks.example:8443/secret',
  events: ['message.sent'],
  created_by: '2',
  created_at: '2026-11-20T12:00:00Z',
  failing_since: null,
  disabled_at: null,
  disabled_reason: '',
  ...more,
})

const delivery = (more: Partial<Delivery> = {}): Delivery => ({
  id: '1',
  type: 'message.sent',
  state: 'waiting',
  attempts: 0,
  status: null,
  milliseconds: null,
  error: '',
  created_at: '2026-11-21T11:00:00Z',
  tried_at: null,
  ...more,
})

describe('a webhook', () => {
  it('works, fails, or was turned off for a reason', () => {
    expect([stateOf(hook()), stateText(hook(), now)]).toEqual(['on', 'Working'])
    const failing = hook({ failing_since: '2026-11-21T10:00:00Z' })
    expect(stateOf(failing)).toBe('failing')
    expect(stateText(failing, now)).toMatch(/^Failing since .*2026/)
    const gone = hook({ disabled_at: '2026-11-20T12:00:00Z', disabled_reason: 'gone' })
    expect(stateOf(gone)).toBe('off')
    expect(stateText(gone, now)).toContain('said that it is gone')
    const dead = hook({ disabled_at: '2026-11-20T12:00:00Z', disabled_reason: 'failing' })
    expect(stateText(dead, now)).toContain('took nothing for five days')
  })

  it('is called by its host alone', () => {
    expect(hostOf(hook().url)).toBe('hooks.example:8443')
    expect(hostOf('nonsense')).toBe('nonsense')
  })
})

describe('a delivery', () => {
  it('tells tries, answer, time and error where there are any', () => {
    expect(deliveryText(delivery())).toBe('0 tries')
    expect(deliveryText(delivery({ attempts: 1, status: 200, milliseconds: 12 }))).toBe(
      '1 try · answered 200 · 12 ms',
    )
    expect(deliveryText(delivery({ attempts: 3, milliseconds: 9, error: 'no answer' }))).toBe(
      '3 tries · 9 ms · no answer',
    )
  })

  it('of a type from a later server keeps its name', () => {
    expect(eventText('message.sent')).toBe('New messages')
    expect(eventText('call.began')).toBe('call.began')
  })
})

describe('commands for a terminal', () => {
  it('survive quotes', () => {
    expect(sayingCommand('https://a.example/x', "it's")).toBe(
      `curl -H 'Content-Type: application/json' -d '{"text":"it'\\''s"}' 'https://a.example/x'`,
    )
    expect(askingCommand('https://a.example', 'tbot_1')).toBe(
      "curl -H 'Authorization: Bearer tbot_1' 'https://a.example/api/v1/me'",
    )
  })
})

it('finds what is wrong with a field', () => {
  const errors = [{ field: 'url', code: 'not_allowed', message: 'only http' }]
  const refusal = new ApiError({ code: 'invalid', status: 422, errors })
  expect(wrongField(refusal, 'url')).toBe('This server does not call such an address.')
  expect(wrongField(refusal, 'events')).toBeUndefined()
  expect(wrongField(new Error('x'), 'url')).toBeUndefined()
})
