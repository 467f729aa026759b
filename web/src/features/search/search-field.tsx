import { SearchIcon, XIcon } from 'lucide-react'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { cx } from '@/lib/class-names'
import { IconButton } from '@/ui/IconButton'
import { complete, type Unfinished, unfinishedAt } from './question'
import { useSearch } from './search-state'
import { type Names, type Suggestion, suggest } from './suggestions'

/** `from:b` is no question yet while "bob" is on offer. */
function useUnfinished(
  text: string,
  part: Unfinished | null,
  options: readonly Suggestion[],
): void {
  const chosen = options.some((option) => option.value === part?.typed)
  const open = part !== null && part.operator !== null && options.length > 0 && !chosen
  const start = open ? text.lastIndexOf(`${part.operator}:`, part.start) : -1
  const end = open ? part.end : -1
  useEffect(() => {
    useSearch.setState({ unfinished: start < 0 ? null : { start, end } })
  }, [start, end])
}

interface FieldProps {
  names: Names
  onDown: () => void
  onEscape?: () => void
}

/** A combobox: operators and their values are suggested while they are typed. */
export function SearchField({ names, onDown, onEscape }: FieldProps) {
  const id = useId()
  const text = useSearch((state) => state.text)
  const calls = useSearch((state) => state.calls)
  const field = useRef<HTMLInputElement>(null)
  const [caret, setCaret] = useState(text.length)
  const [at, setAt] = useState(-1)
  const [isOpen, setOpen] = useState(false)
  const part = unfinishedAt(text, Math.min(caret, text.length))
  const options = isOpen && part ? suggest(part, names, new Date()) : []
  const active = Math.min(at, options.length - 1)
  useUnfinished(text, part, options)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each call is one more wish for the focus
  useEffect(() => {
    field.current?.focus()
    field.current?.select()
  }, [calls])

  const write = (next: string, to: number) => {
    useSearch.setState({ text: next })
    setCaret(to)
    setAt(-1)
    requestAnimationFrame(() => field.current?.setSelectionRange(to, to))
  }
  const choose = (option: Suggestion | undefined) => {
    if (!part || !option) return
    const done = complete(text, part, option.value)
    write(done.text, done.caret)
    field.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (!onKey(event)) return
    event.preventDefault()
    event.stopPropagation()
  }
  const onKey = ({ key }: KeyboardEvent): boolean => {
    switch (key) {
      case 'ArrowDown':
        if (options.length > 0) setAt((active + 1) % options.length)
        else onDown()
        return true
      case 'ArrowUp':
        if (options.length === 0) return false
        setAt((active <= 0 ? options.length : active) - 1)
        return true
      case 'Tab':
      case 'Enter':
        if (options.length === 0 || (key === 'Enter' && active < 0)) {
          setOpen(false)
          return key === 'Enter'
        }
        choose(options[Math.max(active, 0)])
        return true
      case 'Escape':
        if (options.length > 0) setOpen(false)
        else if (text) write('', 0)
        else if (onEscape) onEscape()
        else return false
        return true
      default:
        return false
    }
  }
  return (
    <div className="relative">
      <SearchIcon
        aria-hidden="true"
        className="pointer-events-none absolute start-3 top-1/2 size-4.5 -translate-y-1/2 text-muted"
      />
      <input
        ref={field}
        type="text"
        role="combobox"
        aria-label={m.search_field()}
        aria-expanded={options.length > 0}
        aria-controls={`${id}-list`}
        aria-activedescendant={options[active] ? `${id}-${active}` : undefined}
        aria-autocomplete="list"
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        enterKeyHint="search"
        maxLength={500}
        dir="auto"
        placeholder={m.search_placeholder()}
        value={text}
        onChange={(event) => {
          useSearch.setState({ text: event.target.value })
          setCaret(event.target.selectionStart ?? event.target.value.length)
          setAt(-1)
          setOpen(true)
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
        className="min-h-(--control) w-full rounded-control border border-line-strong bg-paper ps-10 pe-10"
      />
      {text && (
        <IconButton
          size="small"
          label={m.search_clear()}
          icon={<XIcon aria-hidden="true" />}
          onClick={() => {
            write('', 0)
            field.current?.focus()
          }}
          className="absolute! end-1 top-1/2 -translate-y-1/2"
        />
      )}
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label={m.search_suggestions()}
        hidden={options.length === 0}
        // A press on a line must not take the focus, and with it the list, away.
        onPointerDown={(event) => event.preventDefault()}
        className="absolute inset-x-0 top-full z-10 mt-1 rounded-control border border-line bg-paper p-1 shadow-high"
      >
        {options.map((option, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above holds the keys
          // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the field
          <div
            key={option.value}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === active}
            onClick={() => choose(option)}
            className={cx(
              'flex min-h-(--control-small) cursor-pointer items-center gap-3 rounded-small px-2 text-small',
              index === active ? 'bg-accent-soft' : 'hover:bg-hover',
            )}
          >
            <span className="truncate font-semibold" dir="auto">
              {option.label}
            </span>
            <span className="grow truncate text-end text-muted" dir="auto">
              {option.hint}
            </span>
          </div>
        ))}
      </div>
    </div>
  )
}
