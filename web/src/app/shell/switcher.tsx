import { SearchIcon } from 'lucide-react'
import { type KeyboardEvent, useId, useMemo, useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { cx } from '@/lib/class-names'
import { useSwitcher } from '@/lib/switcher'
import { Dialog } from '@/ui/Dialog'
import { rank } from './rank'

/** Ctrl/Cmd+K: one field, everything reachable. A combobox with the focus always in the field. */
export function Switcher({ onClose }: { onClose: () => void }) {
  const sources = useSwitcher((state) => state.sources)
  const [query, setQuery] = useState('')
  const [at, setAt] = useState(0)
  const id = useId()
  const items = useMemo(
    () =>
      rank(
        query,
        [...sources.values()].flatMap((source) => source(query)),
      ),
    [query, sources],
  )
  const active = Math.min(at, items.length - 1)

  const choose = (index: number) => {
    const item = items[index]?.item
    if (!item) return
    onClose()
    item.run()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step && items.length) setAt((active + step + items.length) % items.length)
    else if (event.key === 'Enter') choose(active)
    else return
    event.preventDefault()
  }

  return (
    <Dialog title={m.app_jump_to()} onClose={onClose} bare>
      <div className="flex items-center gap-3 border-b border-line px-5">
        <SearchIcon aria-hidden="true" className="size-5 shrink-0 text-muted" />
        <input
          autoFocus
          role="combobox"
          aria-label={m.app_jump_to()}
          aria-expanded={items.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={items[active] ? `${id}-${active}` : undefined}
          aria-autocomplete="list"
          autoComplete="off"
          spellCheck={false}
          dir="auto"
          value={query}
          placeholder={m.app_switcher_placeholder()}
          onChange={(event) => {
            setQuery(event.target.value)
            setAt(0)
          }}
          onKeyDown={onKeyDown}
          className="h-14 w-full bg-transparent text-lead outline-none"
        />
      </div>
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label={m.app_jump_to()}
        className="max-h-[50dvh] overflow-y-auto p-2"
      >
        {items.map(({ item, letters }, index) => (
          <div key={item.id} role="presentation">
            {item.group !== items[index - 1]?.item.group && (
              <p
                role="presentation"
                className="px-3 pt-2 pb-1 text-caption font-semibold text-muted"
              >
                {item.group}
              </p>
            )}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field above holds the keys */}
            <div
              id={`${id}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === active}
              ref={index === active ? keepInView : undefined}
              onPointerMove={() => setAt(index)}
              onClick={() => choose(index)}
              className={cx(
                'flex min-h-(--row) cursor-pointer items-center gap-3 rounded-control px-3 [&_svg]:size-5 [&_svg]:text-muted',
                index === active && 'bg-accent-soft',
              )}
            >
              {item.icon}
              <span className="grow truncate" dir="auto">
                <Typed text={item.label} letters={letters} />
              </span>
              {item.hint && <span className="text-small text-muted">{item.hint}</span>}
            </div>
          </div>
        ))}
        {items.length === 0 && (
          <p className="px-3 py-8 text-center text-muted">{m.app_switcher_none({ query })}</p>
        )}
      </div>
      <p className="border-t border-line px-5 py-2 text-caption text-faint">
        {m.app_switcher_hint()}
      </p>
    </Dialog>
  )
}

/** The letters somebody typed stand out. */
function Typed({ text, letters }: { text: string; letters: readonly number[] }) {
  if (letters.length === 0) return text
  const typed = new Set(letters)
  const runs: { text: string; typed: boolean }[] = []
  let at = 0
  for (const letter of text) {
    const last = runs.at(-1)
    if (last?.typed === typed.has(at)) last.text += letter
    else runs.push({ text: letter, typed: typed.has(at) })
    at += letter.length
  }
  return runs.map((run, index) =>
    run.typed ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: runs of one text have no other name
      <b key={index} className="font-bold text-accent-ink">
        {run.text}
      </b>
    ) : (
      run.text
    ),
  )
}

function keepInView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' })
}
