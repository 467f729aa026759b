import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Level, RoomPreferences } from '@/wire/preferences'
import type { RoomKind } from '@/wire/rooms'
import { type Attention, attention } from './attention'

interface Row {
  says: string
  preferences: RoomPreferences
  kind: RoomKind
  default: Level
  unread: number
  mentions: number
  threads: number[]
  shown: Attention
}

/** The table of the server's own test. */
const table = JSON.parse(
  readFileSync(`${process.cwd()}/../tests/features/preferences/attention.json`, 'utf8'),
) as Row[]

test.each(table)('$says', (row) => {
  const now = Date.parse('2026-03-01T12:00:00Z')
  const unread = { messages: row.unread, mentions: row.mentions, threads: row.threads }
  expect(attention(row.preferences, row.kind, row.default, now, unread)).toEqual(row.shown)
})
