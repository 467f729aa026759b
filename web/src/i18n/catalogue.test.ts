import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { errorStatus } from '@/wire/errors'
import { errorText, knownCodes } from './errors'
import { resolveLocale, setLocale } from './locale'
import { m } from './paraglide/messages.js'

type Variant = { declarations: string[]; match: Record<string, string> }
type Message = string | Variant[]

const folder = join(import.meta.dirname, '../../messages')

function read(locale: string): Record<string, Message> {
  const files = readdirSync(join(folder, locale))
  const parts = files.map((f) => JSON.parse(readFileSync(join(folder, locale, f), 'utf8')))
  return Object.assign({}, ...parts)
}

const texts = (message: Message): string[] =>
  typeof message === 'string' ? [message] : message.flatMap((v) => Object.values(v.match))

const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort()

const [english, spanish] = [read('en'), read('es')]

describe('the catalogue', () => {
  test('both languages have the same messages', () => {
    expect(Object.keys(spanish).sort()).toEqual(Object.keys(english).sort())
  })

  test('both languages ask for the same values', () => {
    const asksOtherwise = Object.keys(english).filter((key) => {
      const [wanted, given] = [english[key], spanish[key]].map((message) =>
        [...new Set(texts(message ?? '').flatMap(holes))].join(),
      )
      return wanted !== given
    })
    expect(asksOtherwise).toEqual([])
  })

  test.each(['en', 'es'])('every plural of %s has an answer for any number', (locale) => {
    // Spanish has `many` for a million: without the star the reader would see the key.
    const variants = Object.entries(read(locale)).filter(([, message]) => Array.isArray(message))
    for (const [key, message] of variants) {
      for (const variant of message as Variant[]) {
        expect(Object.keys(variant.match), key).toContainEqual(expect.stringContaining('=*'))
      }
    }
  })

  test('speaks the language that is set', () => {
    expect(m.app_queued({ count: 2 })).toBe('2 messages will be sent when you are back.')
    setLocale('es')
    expect(m.app_queued({ count: 1_000_000 })).toContain('se enviarán')
    expect(document.documentElement.lang).toBe('es')
    setLocale('en')
  })
})

describe('errors', () => {
  test('every code of the server has a sentence', () => {
    expect(knownCodes).toEqual(expect.arrayContaining(Object.keys(errorStatus)))
  })

  test('an unknown code falls back to what the server said', () => {
    expect(errorText({ code: 'new_in_2031', message: 'The table is full' })).toBe(
      'The table is full',
    )
  })

  test('says how long to wait', () => {
    expect(errorText({ code: 'rate_limited', message: '', retryAfter: 11.2 })).toContain(
      '12 seconds',
    )
  })
})

describe('the choice of language', () => {
  test.each([
    ['system', ['de-DE', 'es-AR', 'en'], 'es'],
    ['system', ['fr'], 'en'],
    ['es', ['en-GB'], 'es'],
  ])('%s of a browser that wants %j is %s', (choice, wanted, locale) => {
    expect(resolveLocale(choice, wanted)).toBe(locale)
  })
})
