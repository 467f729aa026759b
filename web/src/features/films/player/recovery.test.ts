import { expect, it } from 'vitest'
import { type Failure, nextAfter, type Tries, untried } from './recovery'

const at = (now: number, chance = 0.5) => ({ now, chance })
const away: Failure = { kind: 'network', status: 0 }

it('waits longer each time for a server that is away, and gives up in the end', () => {
  const waits: number[] = []
  let tries: Tries = untried
  for (;;) {
    const [next, tried] = nextAfter(away, tries, at(0))
    if (next.do !== 'reload') {
      expect(next).toEqual({ do: 'give up', trouble: 'away' })
      break
    }
    waits.push(next.after)
    tries = tried
  }
  expect(waits).toEqual([1000, 2000, 4000, 8000, 16000, 16000])
})

it('spreads those who wait', () => {
  const [early] = nextAfter(away, untried, at(0, 0))
  const [late] = nextAfter(away, untried, at(0, 0.999))
  expect(early).toEqual({ do: 'reload', after: 750 })
  expect(late).toMatchObject({ do: 'reload', after: expect.closeTo(1249.5) })
})

it('renews a session that ran out, and believes a refusal', () => {
  const [first, tries] = nextAfter({ kind: 'network', status: 401 }, untried, at(0))
  expect(first).toEqual({ do: 'renew' })
  const [, again] = nextAfter({ kind: 'network', status: 401 }, tries, at(0))
  const [last] = nextAfter({ kind: 'network', status: 401 }, again, at(0))
  expect(last).toEqual({ do: 'give up', trouble: 'forbidden' })
  const [gone] = nextAfter({ kind: 'network', status: 404 }, untried, at(0))
  expect(gone).toEqual({ do: 'give up', trouble: 'forbidden' })
  const [busy] = nextAfter({ kind: 'network', status: 429 }, untried, at(0))
  expect(busy.do).toBe('reload')
})

it('fills a broken decoder again twice, and anew after it held out', () => {
  const broken: Failure = { kind: 'media' }
  const [first, one] = nextAfter(broken, untried, at(1_000_000))
  const [second, two] = nextAfter(broken, one, at(1_001_000))
  const [third] = nextAfter(broken, two, at(1_002_000))
  const [later] = nextAfter(broken, two, at(1_090_000))
  expect([first.do, second.do, later.do]).toEqual(['recover', 'recover', 'recover'])
  expect(third).toEqual({ do: 'give up', trouble: 'broken' })
})
