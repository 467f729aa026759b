import { describe, expect, it } from 'vitest'
import { fromClock, toClock, until } from './spans'

const now = new Date(2026, 10, 21, 15, 30)

describe('spans', () => {
  it('end when they say', () => {
    expect(until('half_hour', now)).toBe(new Date(2026, 10, 21, 16, 0).toISOString())
    expect(until('today', now)).toBe(new Date(2026, 10, 22).toISOString())
    expect(until('never', now)).toBeNull()
    expect(until('as_it_is', now)).toBeUndefined()
  })

  it('read and write clock times', () => {
    expect(toClock(7 * 60 + 5)).toBe('07:05')
    expect(fromClock('22:00')).toBe(1320)
    expect(fromClock('')).toBeNull()
  })
})
