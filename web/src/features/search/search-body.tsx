import { type KeyboardEvent, useRef } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { cx } from '@/lib/class-names'
import { roomTitle } from '@/sync/naming'
import { useMyId, useSync } from '@/sync/react'
import type { HintCode, SearchHint, Sort } from '@/wire/search'
import { Chips } from './chips'
import { without } from './question'
import { Recents } from './recents'
import { ResultList } from './result-list'
import { SearchField } from './search-field'
import { remember, useSearch } from './search-state'
import { useNames } from './use-names'
import { useResults } from './use-results'

interface BodyProps {
  roomId: string | null
  close?: () => void
}

/** The field, what narrows it, and what was found. */
export function SearchBody({ roomId, close }: BodyProps) {
  const myId = useMyId()
  const { text, unfinished, sort, scope } = useSearch()
  const names = useNames()
  const results = useResults(unfinished ? without(text, unfinished) : text, sort, scope)
  const list = useRef<HTMLElement>(null)
  const hits = () => [...(list.current?.querySelectorAll<HTMLElement>('a[data-hit]') ?? [])]
  const onArrows = (event: KeyboardEvent) => {
    const all = hits()
    const at = all.indexOf(document.activeElement as HTMLElement)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key]
    if (at < 0 || to === undefined) return
    event.preventDefault()
    if (to < 0) useSearch.setState(({ calls }) => ({ calls: calls + 1 }))
    else all[to]?.focus()
  }
  return (
    <search className="flex min-h-0 grow flex-col" aria-label={m.search_title()}>
      <div className="flex shrink-0 flex-col gap-2 px-4 pt-3 pb-2">
        <SearchField
          names={names}
          onDown={() => hits()[0]?.focus()}
          {...(close && { onEscape: close })}
        />
        <Chips />
        <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
          <Scope roomId={roomId} />
          <SortChoice sort={sort} />
        </div>
      </div>
      <section
        ref={list}
        aria-label={m.search_results()}
        aria-busy={results.isStale}
        className="min-h-0 grow overflow-y-auto pb-4"
        onKeyDown={onArrows}
      >
        <Hints hints={results.hints} />
        {text.trim() === '' ? (
          <Recents />
        ) : (
          <ResultList
            results={results}
            sort={sort}
            roomId={roomId}
            onOpen={() => myId && remember(myId, results.asked)}
          />
        )}
      </section>
    </search>
  )
}

/** Only here, or everywhere. */
function Scope({ roomId }: Pick<BodyProps, 'roomId'>) {
  const scope = useSearch((state) => state.scope)
  const myId = useMyId()
  const here = scope ?? roomId
  const title = useSync((state) => {
    const room = here ? state.rooms[here] : undefined
    return room ? roomTitle(room, myId) : null
  })
  if (!here || title === null) return null
  return (
    <label className="flex min-h-(--control-small) min-w-0 cursor-pointer items-center gap-2 text-small">
      <input
        type="checkbox"
        checked={scope !== null}
        onChange={(event) => useSearch.setState({ scope: event.target.checked ? here : null })}
        className="size-4 shrink-0 accent-(--accent)"
      />
      <span className="truncate" dir="auto">
        {m.search_only_in({ room: title })}
      </span>
    </label>
  )
}

function SortChoice({ sort }: { sort: Sort }) {
  const choices: readonly [Sort, string][] = [
    ['relevance', m.search_sort_relevance()],
    ['time', m.search_sort_time()],
  ]
  return (
    <fieldset className="ms-auto flex rounded-control border border-line p-0.5">
      <legend className="sr-only">{m.search_sort()}</legend>
      {choices.map(([value, label]) => (
        <button
          key={value}
          type="button"
          aria-pressed={sort === value}
          onClick={() => useSearch.setState({ sort: value })}
          className={cx(
            'min-h-(--control-small) rounded-small px-2 text-small text-muted',
            'aria-pressed:bg-accent-soft aria-pressed:text-accent-ink',
          )}
        >
          {label}
        </button>
      ))}
    </fieldset>
  )
}

const hintTexts: Record<HintCode, (input: { about: string }) => string> = {
  unknown_operator: m.search_unknown_operator,
  unknown_value: m.search_unknown_value,
  bad_date: m.search_bad_date,
  too_long: m.search_too_long,
  unknown_room: m.search_unknown_room,
}

function Hints({ hints }: { hints: readonly SearchHint[] }) {
  if (hints.length === 0) return null
  return (
    <ul className="mx-4 mb-2 rounded-control bg-sunken px-3 py-2 text-small">
      {hints.map(({ code, about }) => (
        <li key={`${code} ${about}`}>{hintTexts[code]({ about })}</li>
      ))}
    </ul>
  )
}
