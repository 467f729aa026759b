import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test, vi } from 'vitest'
import { createStore } from 'zustand/vanilla'
import { type EmojiBook, EmojiBookContext, type EmojiBookState } from '@/lib/emoji'
import type { CustomEmoji } from '@/wire/emoji'
import { isJustEmoji } from './inline-text'
import { Markdown } from './markdown'

const olive: CustomEmoji = {
  id: 'e1',
  name: 'olive',
  animated: false,
  added_by: 'ana',
  added_at: '2026-01-01T00:00:00Z',
}

const book: EmojiBook = {
  store: createStore<EmojiBookState>()(() => ({
    custom: new Map([['olive', olive]]),
    groups: null,
    chars: new Map([['tada', '🎉']]),
  })),
  wantCustom: vi.fn(),
  wantUnicode: vi.fn(),
}

const show = (text: string) =>
  render(
    <EmojiBookContext value={book}>
      <Markdown text={text} calls={new Map([['ana', { me: true }]])} />
    </EmojiBookContext>,
  ).container

// Emoji

test('a short name becomes its emoji, an unknown one stays', () => {
  expect(show('done :tada: and :nothing:').textContent).toBe('done 🎉 and :nothing:')
})

test('a custom one becomes its picture, with its name for those who do not see it', () => {
  show('an :olive: please')
  expect(screen.getByRole('img', { name: ':olive:' }).getAttribute('src')).toBe(
    '/api/v1/emoji/e1/image',
  )
})

test.each(['at 12:30:45', '`:tada:`', 'http://x.example/a:tada:b'])('%s has none', (text) => {
  expect(show(text).textContent).not.toContain('🎉')
})

test('names and mentions stand side by side', () => {
  const shown = show('@ana :tada:')
  expect(shown.textContent).toBe('@ana 🎉')
  expect(screen.getByText('@ana').className).toContain('font-semibold')
})

test.each([
  ['🎉', true],
  ['🎉 👍🏽 🏳️‍🌈', true],
  [':olive:', true],
  [':olive: 🎉', true],
  ['🎉🎉🎉🎉', false],
  ['yes 🎉', false],
])('%s alone is large: %s', (text, large) => expect(isJustEmoji(text)).toBe(large))

// Spoilers

test('a spoiler is covered until it is pressed, and covered again', async () => {
  const user = userEvent.setup()
  const shown = show('it was ||the *butler*||, sorry')
  const cover = screen.getByRole('button', { name: 'Spoiler: press to reveal' })
  expect(shown.querySelector('em')?.closest('[aria-hidden="true"]')).toBeTruthy()
  await user.click(cover)
  expect(cover.getAttribute('aria-expanded')).toBe('true')
  expect(screen.getByRole('button').textContent).toBe('the butler')
  expect(shown.querySelector('[aria-hidden="true"]')).toBeNull()
  await user.click(cover)
  expect(cover.getAttribute('aria-expanded')).toBe('false')
})

test('a spoiler opens by the keyboard', async () => {
  const user = userEvent.setup()
  show('||boo||')
  await user.tab()
  await user.keyboard('{Enter}')
  expect(screen.getByRole('button').getAttribute('aria-expanded')).toBe('true')
})

test.each(['if (a || b || c)', '`||x||`', '||', '||||', '|| ||', '||a\nb||'])(
  '%s covers nothing',
  (text) => {
    show(text)
    expect(screen.queryByRole('button', { name: /Spoiler/ })).toBeNull()
  },
)

// Tables and maths

test('a table has heads, cells and sides', () => {
  show('| dish | who |\n|:---|---:|\n| *olives* | :tada: |')
  const heads = screen.getAllByRole('columnheader')
  expect(heads.map((head) => head.textContent)).toEqual(['dish', 'who'])
  const cells = screen.getAllByRole('cell')
  expect(cells.map((cell) => cell.textContent)).toEqual(['olives', '🎉'])
  expect(cells.map((cell) => cell.className.includes('text-end'))).toEqual([false, true])
})

test.each(['$e^{i\\pi} + 1 = 0$', '$$x_1 = y_2$$', 'a*b*c = $a \\cdot b$'])(
  '%s keeps its dollars',
  (text) => expect(show(text).textContent).toContain('$'),
)

test('maths is text as it was written', () => {
  expect(show('$$\\int_0^1 x_1 dx_2$$').textContent).toBe('$$\\int_0^1 x_1 dx_2$$')
})
