import { describe, expect, test } from 'vitest'
import { dayKey, daysBetween } from './dates'
import { hueOf, initials, matchScore } from './text'
import { uuid7 } from './uuid7'

describe('uuid7', () => {
  test('has the version, the variant and the time (RFC 9562 §5.7)', () => {
    const id = uuid7(Date.UTC(2040, 0, 1))
    expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
    expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(Date.UTC(2040, 0, 1))
  })

  test('sorts in the order of making, even within one millisecond and through a clock set back', () => {
    const now = Date.UTC(2041, 0, 1)
    const ids = Array.from({ length: 10_000 }, (_, at) => uuid7(at < 9_000 ? now : now - 5_000))
    expect([...ids].sort()).toEqual(ids)
    expect(new Set(ids).size).toBe(ids.length)
  })
})

describe('text', () => {
  test.each([
    ['Ana Sol', 'AS'],
    ['ana', 'A'],
    ['  Bo  van der  Berg ', 'BB'],
    ['🦉', '🦉'],
    ['👩‍💻 team', '👩‍💻T'],
    ['', ''],
  ])('initials of %j', (name, expected) => {
    expect(initials(name)).toBe(expected)
  })

  test('finds without accents and case, prefixes first', () => {
    const score = (text: string) => matchScore('jos', text) ?? -1
    expect(score('José')).toBeGreaterThan(score('María José'))
    expect(score('María José')).toBeGreaterThan(score('Banjos'))
    expect(score('Banjos')).toBeGreaterThan(score('jaossy'))
    expect(matchScore('xyz', 'José')).toBeNull()
  })

  test('no hue of a person is the green of what is live', () => {
    for (let at = 0; at < 500; at++) {
      const hue = hueOf(`id-${at}`)
      expect(hue >= 95 && hue < 150).toBe(false)
      expect(hue).toBeLessThan(360)
    }
  })
})

describe('dates', () => {
  test('days are counted by midnights, not by hours', () => {
    expect(daysBetween(new Date(2026, 2, 28, 23, 59), new Date(2026, 2, 29, 0, 1))).toBe(1)
    expect(daysBetween(new Date(2026, 2, 28, 0, 1), new Date(2026, 2, 30, 23, 59))).toBe(2)
    expect(dayKey(new Date(2026, 10, 21, 9))).toBe(dayKey(new Date(2026, 10, 21, 23)))
  })
})
