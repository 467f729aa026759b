import { expect, test } from 'vitest'
import { bars, inSteps, loudness, STEPS } from './waveform'

test('silence is nothing, a full wave is all', () => {
  expect(loudness(new Float32Array(512))).toBe(0)
  expect(loudness([])).toBe(0)
  expect(loudness(new Float32Array(512).fill(1))).toBe(100)
  const talk = loudness(Array.from({ length: 512 }, (_, at) => 0.1 * Math.sin(at / 5)))
  expect(talk).toBeGreaterThan(30)
  expect(talk).toBeLessThan(80)
})

test('of each step the loudest stays', () => {
  expect(inSteps([1, 9, 2, 3, 8, 4], 3)).toEqual([9, 3, 8])
  expect(inSteps([5, 6], 3)).toEqual([5, 6])
  const long = Array.from({ length: 1_000 }, (_, at) => (at === 777 ? 100 : 3))
  expect(inSteps(long, STEPS)).toHaveLength(STEPS)
  expect(Math.max(...inSteps(long, STEPS))).toBe(100)
})

test('there are always as many bars as are drawn', () => {
  expect(bars([], 4)).toEqual([0, 0, 0, 0])
  expect(bars([10, 20], 4)).toEqual([10, 10, 20, 20])
  expect(bars([1, 2, 3, 4, 5, 6, 7, 8], 4)).toEqual([2, 4, 6, 8])
})
