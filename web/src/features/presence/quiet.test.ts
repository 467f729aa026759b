import { describe, expect, it } from 'vitest'
import { isQuiet } from './quiet'

/** The same table as tests/features/presence/test_quiet.py. */
const nights = { days: [4, 5], start: 22 * 60, end: 7 * 60 }
const lunch = { days: [5], start: 12 * 60, end: 13 * 60 }
const saturday = Date.UTC(2026, 10, 21)
const at = (hour: number) => new Date(saturday + hour * 3_600_000)

describe('quiet hours', () => {
  it.each([
    [6, null, true],
    [7, null, false],
    [12, null, true],
    [13, null, false],
    [22, null, true],
    [29, null, true],
    [46, null, false],
    [11, 'Europe/Madrid', true],
    [12, 'Europe/Madrid', false],
    [12, 'no/such', true],
  ])('at hour %i in %s: %s', (hour, time_zone, quiet) => {
    const mine = { dnd: false, dnd_until: null, schedule: [nights, lunch], time_zone }
    expect(isQuiet(mine, at(hour))).toBe(quiet)
  })

  it('hold now, or until', () => {
    const now = { dnd: true, dnd_until: null, schedule: [], time_zone: null }
    expect(isQuiet(now, at(0))).toBe(true)
    const untilNoon = { ...now, dnd_until: at(12).toISOString() }
    expect(isQuiet(untilNoon, at(11))).toBe(true)
    expect(isQuiet(untilNoon, at(12))).toBe(false)
  })
})
