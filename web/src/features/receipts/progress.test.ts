import { describe, expect, it } from 'vitest'
import type { RoomSnapshot } from '@/wire/sync'
import { progressOf } from './progress'

const member = (id: string) => ({ account: { id } })

function room(
  receipts: { account_id: string; delivered_seq: number; read_seq: number | null }[],
  change: { kind?: string; members?: string[] } = {},
): RoomSnapshot {
  const members = change.members ?? ['me', 'ana', 'leo']
  return {
    room: { kind: change.kind ?? 'group' },
    member_count: members.length,
    members: members.map(member),
    receipts,
  } as unknown as RoomSnapshot
}

const at = (account_id: string, delivered_seq: number, read_seq: number | null) => ({
  account_id,
  delivered_seq,
  read_seq,
})

describe('ticks', () => {
  it('are one until everybody has the message', () => {
    expect(progressOf(room([]), 5, 'me')).toBe('sent')
    expect(progressOf(room([at('ana', 5, 5)]), 5, 'me')).toBe('sent')
    expect(progressOf(room([at('ana', 5, 4), at('leo', 9, 0)]), 5, 'me')).toBe('delivered')
    expect(progressOf(room([at('ana', 5, 5), at('leo', 9, 9)]), 5, 'me')).toBe('read')
  })

  it('never say that somebody read who does not show it', () => {
    expect(progressOf(room([at('ana', 5, null), at('leo', 9, 9)]), 5, 'me')).toBe('delivered')
  })

  it('are not drawn in channels, in large groups, and where nobody else is', () => {
    expect(progressOf(room([], { kind: 'channel' }), 5, 'me')).toBeNull()
    expect(progressOf(room([], { members: ['me'] }), 5, 'me')).toBeNull()
    const crowd = Array.from({ length: 21 }, (_, number) => `p${number}`)
    expect(progressOf(room([], { members: crowd }), 5, 'p0')).toBeNull()
  })
})
