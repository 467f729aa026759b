import type { Clock } from '../ports'

export interface TestClock extends Clock {
  /** Lets `ms` pass, timer by timer, and everything each of them sets off. */
  pass(ms: number): Promise<void>
}

/** Time that stands still until told; chance from a seed, so that a failure can be replayed. */
export function testClock(seed = 1): TestClock {
  let now = Date.UTC(2026, 0, 1)
  let next = 0
  let state = seed >>> 0 || 1
  const timers = new Map<number, { at: number; task: () => void }>()

  const soonest = (until: number) =>
    [...timers]
      .filter(([, { at }]) => at <= until)
      .sort(([a, x], [b, y]) => x.at - y.at || a - b)[0]

  return {
    now: () => now,
    after: (ms, task) => {
      const id = next++
      timers.set(id, { at: now + Math.max(0, ms), task })
      return () => timers.delete(id)
    },
    random: () => {
      // mulberry32
      state = (state + 0x6d2b79f5) >>> 0
      let t = Math.imul(state ^ (state >>> 15), state | 1)
      t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
      return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
    },
    pass: async (ms) => {
      const until = now + ms
      await settled()
      for (let due = soonest(until); due; due = soonest(until)) {
        timers.delete(due[0])
        now = Math.max(now, due[1].at)
        due[1].task()
        await settled()
      }
      now = until
    },
  }
}

/** Every promise that can settle without time passing has. */
export const settled = () => new Promise<void>((resolve) => setImmediate(resolve))
