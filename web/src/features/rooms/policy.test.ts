import { describe, expect, test } from 'vitest'
import type { RoomSnapshot } from '@/wire/sync'
import { type Can, may, mayChangeRole, mayRemove, rightsIn, roles } from './policy'

const channel = { kind: 'channel', archived_at: null } as const
const group = { kind: 'group', archived_at: null } as const
const direct = { kind: 'direct', archived_at: null } as const
const archived = { kind: 'channel', archived_at: '2026-01-01T00:00:00Z' } as const

describe('may', () => {
  test.each<[Can, string[], string[]]>([
    ['post', ['owner', 'moderator', 'member', 'guest'], ['owner', 'moderator', 'member', 'guest']],
    ['invite', ['owner', 'moderator', 'member'], ['owner', 'moderator', 'member']],
    ['change', ['owner', 'moderator'], ['owner', 'moderator', 'member']],
    ['remove', ['owner', 'moderator'], ['owner', 'moderator']],
    ['archive', ['owner'], ['owner']],
    ['change_visibility', ['owner'], []],
  ])('%s: channels %j, groups %j', (can, inChannels, inGroups) => {
    expect(roles.filter((role) => may(can, channel, role))).toEqual(inChannels)
    expect(roles.filter((role) => may(can, group, role))).toEqual(inGroups)
  })

  test('nobody leaves, renames or invites into a direct room', () => {
    for (const can of ['leave', 'change', 'invite', 'add', 'remove', 'archive'] as const) {
      expect(may(can, direct, 'owner')).toBe(false)
    }
  })

  test('an archived room is left and brought back, not written in', () => {
    expect(may('post', archived, 'owner')).toBe(false)
    expect(may('invite', archived, 'owner')).toBe(false)
    expect(may('leave', archived, 'guest')).toBe(true)
    expect(may('archive', archived, 'owner')).toBe(true)
  })
})

describe('a room of announcements', () => {
  const announces = { ...channel, posting: 'moderators', thread_replies: true } as const

  test('is answered by everybody in threads and with reactions', () => {
    expect(roles.filter((role) => may('post', announces, role))).toEqual(['owner', 'moderator'])
    expect(roles.filter((role) => may('reply', announces, role))).toEqual(roles)
    expect(roles.filter((role) => may('react', announces, role))).toEqual(roles)
  })

  test('may also keep its threads to the moderators', () => {
    const quiet = { ...announces, thread_replies: false }
    expect(roles.filter((role) => may('reply', quiet, role))).toEqual(['owner', 'moderator'])
    expect(roles.filter((role) => may('react', quiet, role))).toEqual(roles)
  })
})

test('who is timed out says nothing, and may still take back what they said', () => {
  const rights = (until: string | null) =>
    rightsIn(
      { room: channel, me: { role: 'member', timed_out_until: until } } as unknown as RoomSnapshot,
      Date.parse('2026-01-01T12:00:00Z'),
    )
  const all = { post: true, reply: true, react: true, edit: true, delete: true, delete_any: false }
  expect(rights(null)).toEqual(all)
  expect(rights('2026-01-01T11:59:00Z')).toEqual(all)
  expect(rights('2026-01-01T12:01:00Z')).toEqual({
    ...all,
    post: false,
    reply: false,
    react: false,
    edit: false,
  })
})

test('moderators touch neither owners nor one another, and make none', () => {
  expect(mayRemove('moderator', 'moderator')).toBe(false)
  expect(mayRemove('moderator', 'guest')).toBe(true)
  expect(mayChangeRole('moderator', 'member', 'guest', false)).toBe(true)
  expect(mayChangeRole('moderator', 'member', 'moderator', false)).toBe(false)
  expect(mayChangeRole('moderator', 'owner', 'member', false)).toBe(false)
})

test('everybody may step down, nobody up', () => {
  expect(mayChangeRole('moderator', 'moderator', 'member', true)).toBe(true)
  expect(mayChangeRole('member', 'member', 'moderator', true)).toBe(false)
})
