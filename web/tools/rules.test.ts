import { describe, expect, test } from 'vitest'
import { brokenRules } from './layers.mjs'
import { literalWords } from './strings.mjs'

const broken = (path: string, source: string) => brokenRules(new Map([[path, source]]))

describe('layers', () => {
  test.each([
    ['features/rooms/a.ts', "import { x } from '@/features/messages/b'", 'features do not import'],
    ['features/rooms/a.ts', "import { x } from '../messages/b'", 'features do not import'],
    ['features/rooms/a.ts', "import { x } from '@/app/routes'", 'may not import app/'],
    ['sync/a.ts', "import type { X } from '@/features/rooms/b'", 'may not import features/'],
    ['ui/A.tsx', "import { x } from '../wire/rooms'", 'may not import wire/'],
    ['ui/A.tsx', "const late = () => import('@/sync/log')", 'may not import sync/'],
    ['lib/a.ts', "import { B } from '@/ui/B'", 'may not import ui/'],
    ['wire/a.ts', "import { b } from '@/lib/b'", 'may not import lib/'],
    ['features/rooms/a.ts', "import { io } from 'socket.io-client'", 'only sync/'],
    ['app/a.tsx', "import { Dialog } from 'radix-ui'", 'only ui/'],
    ['ui/index.ts', '', 'no barrel files'],
  ])('%s with `%s` is caught', (path, source, sentence) => {
    expect(broken(path, source).join()).toContain(sentence)
  })

  test.each([
    ['main.tsx', "import { App } from './app/app'"],
    ['app/routes.tsx', "import { x } from '@/features/rooms/room-route'"],
    ['features/rooms/a.ts', "import { b } from './b'; import { c } from '@/sync/log'"],
    [
      'sync/socket.ts',
      "import { io } from 'socket.io-client'; import type { R } from '@/wire/rooms'",
    ],
    [
      'lib/a.ts',
      "import type { Account } from '@/wire/accounts'; import { create } from 'zustand'",
    ],
  ])('%s may say `%s`', (path, source) => {
    expect(broken(path, source)).toEqual([])
  })
})

const words = (source: string) => literalWords(new Map([['a.tsx', source]]))

describe('words on the screen', () => {
  test.each([
    ['<p>Hello there</p>', 'Hello there'],
    ['<input placeholder="Search" />', 'Search'],
    ['<B label={open ? "Close it" : m.open()} />', 'Close it'],
    ['<p>{count > 1 && "several"}</p>', 'several'],
    ['<p aria-label={`Room ${name}`} />', 'Room'],
  ])('%s is caught', (source, text) => {
    expect(words(source).join()).toContain(text)
  })

  test.each([
    '<p>{m.hello()}</p>',
    '<p className="Hello there">· — @</p>',
    '<A to="/rooms" type="text" />',
  ])('%s is fine', (source) => expect(words(source)).toEqual([]))
})
