import { expect, test } from 'vitest'
import { testClock } from '@/sync/testing/test-clock'
import { createTypist } from './typist'

test('typing is said at once, then every four seconds, and its end once', async () => {
  const clock = testClock()
  const said: boolean[] = []
  const type = createTypist(clock, (active) => said.push(active) > 0)
  type(true)
  await clock.pass(1_000)
  type(true)
  expect(said).toEqual([true])
  await clock.pass(3_000)
  type(true)
  expect(said).toEqual([true, true])
  type(false)
  type(false)
  expect(said).toEqual([true, true, false])
})

test('what was typed before the socket greeted is said as soon as it can be', () => {
  const said: boolean[] = []
  let online = false
  const type = createTypist(testClock(), (active) => online && said.push(active) > 0)
  type(true)
  online = true
  type(true)
  expect(said).toEqual([true])
})
