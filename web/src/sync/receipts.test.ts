import { describe, expect, it } from 'vitest'
import type { RoomSnapshot } from '@/wire/sync'
import { createDelivering } from './delivering'
import { takeReceipts, withoutReceipt } from './receipts'
import { emptyReplica, type Replica } from './state'
import { testClock } from './testing/test-clock'

const at = (account_id: string, delivered_seq: number, read_seq: number | null) => ({
  account_id,
  delivered_seq,
  read_seq,
})

function replica(receipts: ReturnType<typeof at>[]): Replica {
  const members = [{ account: { id: 'ana' } }, { account: { id: 'leo' } }]
  const room = { id: 'r', members, receipts } as unknown as RoomSnapshot
  return { ...emptyReplica, rooms: { r: room } }
}

describe('cursors of others (N1)', () => {
  it('move forward only', () => {
    const held = replica([at('ana', 5, 3)])
    expect(takeReceipts(held, 'r', [at('ana', 4, 2)])).toBe(held)
    expect(takeReceipts(held, 'r', [at('ana', 6, 6)]).rooms.r?.receipts).toEqual([at('ana', 6, 6)])
  })

  it('lose their reading where it is not shown any more, and get it back', () => {
    const hidden = takeReceipts(replica([at('ana', 5, 5)]), 'r', [at('ana', 5, null)])
    expect(hidden.rooms.r?.receipts).toEqual([at('ana', 5, null)])
    const shown = takeReceipts(hidden, 'r', [at('ana', 5, 5)])
    expect(shown.rooms.r?.receipts).toEqual([at('ana', 5, 5)])
  })

  it('are of members only, and go with them', () => {
    const held = replica([at('leo', 2, 2)])
    expect(takeReceipts(held, 'r', [at('stranger', 9, 9)])).toBe(held)
    expect(takeReceipts(held, 'elsewhere', [at('leo', 9, 9)])).toBe(held)
    const room = held.rooms.r
    expect(room && withoutReceipt(room, 'leo').receipts).toEqual([])
  })
})

describe('telling what arrived (N7)', () => {
  const room = (head: number, kind = 'group', unread = [head]) =>
    ({ id: kind, head, room: { kind }, me: { unread } }) as unknown as RoomSnapshot

  function start() {
    const clock = testClock()
    const said: unknown[] = []
    let online = true
    let leads = true
    const delivering = createDelivering({
      wire: {
        online: () => online,
        mutter: (_name, takes) => {
          said.push(takes)
          return true
        },
      },
      clock,
      leads: () => leads,
    })
    return {
      clock,
      said,
      delivering,
      cut: (off: boolean) => (online = !off),
      follow: (now: boolean) => (leads = !now),
    }
  }

  it('is one word a second for all rooms, and one a minute for channels', async () => {
    const { clock, said, delivering } = start()
    delivering.look({ a: room(3), b: room(7, 'channel') })
    delivering.look({ a: room(4), b: room(7, 'channel') })
    await clock.pass(1_000)
    expect(said).toEqual([{ rooms: [{ room_id: 'group', seq: 4 }] }])
    await clock.pass(59_000)
    expect(said[1]).toEqual({ rooms: [{ room_id: 'channel', seq: 7 }] })
  })

  it('says nothing where nothing is new to me', async () => {
    const { clock, said, delivering } = start()
    delivering.look({ a: room(3, 'group', []) })
    await clock.pass(60_000)
    expect(said).toEqual([])
  })

  it('says it again after a cut', async () => {
    const { clock, said, delivering, cut } = start()
    delivering.look({ a: room(3) })
    await clock.pass(1_000)
    cut(true)
    delivering.look({ a: room(4) })
    await clock.pass(1_000)
    cut(false)
    delivering.resume()
    await clock.pass(1_000)
    expect(said).toHaveLength(2)
    expect(said[1]).toEqual({ rooms: [{ room_id: 'group', seq: 4 }] })
  })

  it('is left to the tab that leads, also by one that comes to lead later', async () => {
    const { clock, said, delivering, follow } = start()
    follow(true)
    delivering.look({ a: room(3) })
    await clock.pass(1_000)
    expect(said).toEqual([])
    follow(false)
    delivering.resume()
    await clock.pass(1_000)
    expect(said).toEqual([{ rooms: [{ room_id: 'group', seq: 3 }] }])
  })
})
