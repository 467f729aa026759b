import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { setLocale } from '@/i18n/locale'
import { choices, fromField, toField, whenText } from './times'

// Clocks in Madrid go back on 25 October 2026 at 3:00, and on on 28 March 2027 at 2:00.
const zone = process.env.TZ

beforeEach(() => {
  process.env.TZ = 'Europe/Madrid'
  setLocale('en')
})

afterEach(() => {
  process.env.TZ = zone
  vi.useRealTimers()
})

const at = (choice: string, now: Date) => choices(now).find((one) => one.id === choice)?.at

describe('later', () => {
  test('tomorrow at nine is nine by the wall, whatever the clocks do in between', () => {
    const now = new Date('2026-10-24T18:00:00Z') // 20:00 in Madrid, the day before
    expect(at('tomorrow', now)?.toISOString()).toBe('2026-10-25T08:00:00.000Z')
    const spring = new Date('2027-03-27T19:00:00Z')
    expect(at('tomorrow', spring)?.toISOString()).toBe('2027-03-28T07:00:00.000Z')
  })

  test('Monday is the next one, and is not said twice on a Sunday', () => {
    expect(at('monday', new Date('2026-10-21T10:00:00Z'))?.toISOString()).toBe(
      '2026-10-26T08:00:00.000Z',
    )
    expect(at('monday', new Date('2026-10-26T10:00:00Z'))?.toISOString()).toBe(
      '2026-11-02T08:00:00.000Z',
    )
    expect(at('monday', new Date('2026-10-25T10:00:00Z'))).toBeUndefined()
  })

  test('a field holds the time of the wall', () => {
    const moment = new Date('2026-10-26T08:30:00Z')
    expect(toField(moment)).toBe('2026-10-26T09:30')
    expect(fromField('2026-10-26T09:30')?.toISOString()).toBe(moment.toISOString())
    expect(fromField('')).toBeNull()
  })

  test('a time is shown here, and where it was chosen', () => {
    expect(whenText('2026-10-26T08:30:00Z', 'Europe/Madrid')).toMatch(/9:30/)
    expect(whenText('2026-10-26T08:30:00Z', 'America/Lima')).toMatch(/9:30.*3:30.*America\/Lima/)
    expect(whenText('2026-10-26T08:30:00Z', 'Mars/Olympus')).toMatch(/9:30/)
  })
})
