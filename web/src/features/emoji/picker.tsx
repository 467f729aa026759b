import { PlusIcon } from 'lucide-react'
import { useEffect, useId, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { m } from '@/i18n/paraglide/messages.js'
import { cx } from '@/lib/class-names'
import { useEmojiBook } from '@/lib/emoji'
import { later } from '@/lib/later'
import { Button } from '@/ui/Button'
import { EmojiGlyph } from '@/ui/EmojiGlyph'
import { findCustom, findUnicode, inTone, tones } from './find'
import { noteEmoji, recentEmoji, setSkinTone, skinTone } from './habits'

const AddEmojiDialog = later(async () => (await import('./add-dialog')).AddEmojiDialog)

const COLUMNS = 8
const FOUND = 64

interface Cell {
  emoji: string
  label: string
}

const sections = [
  ['recent', '🕘', m.emoji_recent],
  ['custom', '🏠', m.emoji_custom],
  ['smileys', '😀', m.emoji_smileys],
  ['people', '👋', m.emoji_people],
  ['nature', '🌿', m.emoji_nature],
  ['food', '🍋', m.emoji_food],
  ['travel', '⛵', m.emoji_travel],
  ['activities', '⚽', m.emoji_activities],
  ['objects', '💡', m.emoji_objects],
  ['symbols', '❤️', m.emoji_symbols],
  ['flags', '🏳️', m.emoji_flags],
] as const

/** Search, sections, skin tone; fetched when it is first opened. */
export function Picker({ onPick }: { onPick: (emoji: string) => void }) {
  const [query, setQuery] = useState('')
  const [section, setSection] = useState<string>('recent')
  const [tone, setTone] = useState(skinTone)
  const [adding, setAdding] = useState(false)
  const cells = useCells(query, section, tone)
  const grid = useRef<HTMLFieldSetElement>(null)
  const gridId = useId()
  const pick = (emoji: string) => {
    noteEmoji(emoji)
    onPick(emoji)
  }
  return (
    <div className="flex w-[min(20rem,calc(100vw-3rem))] flex-col gap-2">
      <input
        type="search"
        // biome-ignore lint/a11y/noAutofocus: it was opened to look for something
        autoFocus
        dir="auto"
        aria-label={m.emoji_search()}
        placeholder={m.emoji_search()}
        aria-controls={gridId}
        value={query}
        onChange={(event) => setQuery(event.target.value)}
        onKeyDown={(event) => {
          const first = cells[0]
          if (event.key === 'ArrowDown') focusCell(grid.current, 0)
          else if (event.key === 'Enter' && first) pick(first.emoji)
          else return
          event.preventDefault()
        }}
        className="min-h-9 rounded-control border border-line-strong bg-raised px-3 outline-none focus:border-focus"
      />
      {query === '' && <Sections section={section} choose={setSection} />}
      <fieldset
        ref={grid}
        id={gridId}
        aria-label={m.emoji_grid()}
        onKeyDown={(event) => walk(event, grid.current)}
        className="grid h-56 min-w-0 grid-cols-8 content-start overflow-y-auto"
      >
        {cells.map(({ emoji, label }, at) => (
          <button
            key={emoji}
            type="button"
            tabIndex={at === 0 ? 0 : -1}
            aria-label={label}
            title={label}
            onClick={() => pick(emoji)}
            className="grid aspect-square place-items-center rounded-small text-[1.4rem] leading-none hover:bg-hover focus-visible:bg-hover"
          >
            <EmojiGlyph emoji={emoji} />
          </button>
        ))}
        {cells.length === 0 && (
          <p className="col-span-8 p-4 text-center text-small text-muted">
            {section === 'custom' && query === '' ? m.emoji_no_custom() : m.emoji_none()}
          </p>
        )}
      </fieldset>
      <div className="flex items-center justify-between gap-2 border-t border-line pt-2">
        <Button
          size="small"
          tone="quiet"
          icon={<PlusIcon aria-hidden="true" className="size-4" />}
          onClick={() => setAdding(true)}
        >
          {m.emoji_bring()}
        </Button>
        <Tones
          tone={tone}
          choose={(next) => {
            setTone(next)
            setSkinTone(next)
          }}
        />
      </div>
      {adding && <AddEmojiDialog close={() => setAdding(false)} />}
    </div>
  )
}

function useCells(query: string, section: string, tone: string): Cell[] {
  const book = useEmojiBook()
  const { groups, custom, chars } = useStore(book.store)
  useEffect(() => {
    book.wantCustom()
    book.wantUnicode()
  }, [book])
  const named = (name: string): Cell => ({ emoji: `:${name}:`, label: `:${name}:` })
  if (query.trim() !== '') {
    const own = findCustom(custom?.keys() ?? [], query, FOUND).map(named)
    const found = findUnicode(groups ?? [], query, FOUND)
    return [...own, ...found.map((one) => cell(inTone(one, tone), one.names[0] ?? one.char))]
  }
  if (section === 'custom') return [...(custom?.keys() ?? [])].map(named)
  if (section === 'recent') {
    const gone = (emoji: string) => emoji.startsWith(':') && !custom?.has(emoji.slice(1, -1))
    const name = new Map([...chars].map(([short, char]) => [char, short]))
    return recentEmoji()
      .filter((emoji) => !gone(emoji))
      .map((emoji) => cell(emoji, name.get(emoji) ?? emoji))
  }
  const group = groups?.find(({ id }) => id === section)
  return (group?.emoji ?? []).map((one) => cell(inTone(one, tone), one.names[0] ?? one.char))
}

const cell = (emoji: string, name: string): Cell => ({ emoji, label: name.replaceAll('_', ' ') })

function Sections({ section, choose }: { section: string; choose: (section: string) => void }) {
  return (
    <div role="toolbar" aria-label={m.emoji_sections()} className="flex justify-between">
      {sections.map(([id, icon, label]) => (
        <button
          key={id}
          type="button"
          aria-label={label()}
          title={label()}
          aria-pressed={section === id}
          onClick={() => choose(id)}
          className="grid size-7 place-items-center rounded-small text-small grayscale hover:bg-hover aria-pressed:bg-accent-soft aria-pressed:grayscale-0"
        >
          <span aria-hidden="true">{icon}</span>
        </button>
      ))}
    </div>
  )
}

function Tones({ tone, choose }: { tone: string; choose: (tone: string) => void }) {
  return (
    <fieldset className="flex">
      <legend className="sr-only">{m.emoji_tone()}</legend>
      {tones.map((one, at) => (
        <button
          key={one || 'none'}
          type="button"
          aria-label={m.emoji_tone_n({ number: at })}
          aria-pressed={tone === one}
          onClick={() => choose(one)}
          className={cx(
            'grid size-7 place-items-center rounded-small hover:bg-hover',
            tone === one && 'bg-accent-soft',
          )}
        >
          <span aria-hidden="true">{`✋${one}`}</span>
        </button>
      ))}
    </fieldset>
  )
}

/** Arrows walk the grid; ↑ from its first line leads back to the search. */
function walk(event: React.KeyboardEvent, grid: HTMLElement | null): void {
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS }[event.key]
  if (!step || !grid) return
  event.preventDefault()
  const at = [...grid.children].indexOf(event.target as HTMLElement)
  if (at + step >= 0) focusCell(grid, at + step)
  else grid.parentElement?.querySelector('input')?.focus()
}

function focusCell(grid: HTMLElement | null, at: number): void {
  const cells = grid?.querySelectorAll('button') ?? []
  cells[Math.min(at, cells.length - 1)]?.focus()
}
