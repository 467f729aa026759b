import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { CheckIcon, XIcon } from 'lucide-react'
import { useDeferredValue, useId, useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { cx } from '@/lib/class-names'
import { useMyId } from '@/sync/react'
import { Avatar } from '@/ui/Avatar'
import { controlClass } from '@/ui/Field'
import type { Account } from '@/wire/accounts'
import * as api from './api'

interface PeoplePickerProps {
  label: string
  picked: readonly Account[]
  onPick: (picked: readonly Account[]) => void
  /** People who cannot be picked: they are in already. */
  without?: ReadonlySet<string>
  /** I am one of those who can be picked. */
  withMe?: boolean
  /** The dialog is about nothing else: focused and unfolded from the start. */
  eager?: boolean
  /** The names always stand there: nothing jumps when another part of the dialog is pressed. */
  unfolded?: boolean
}

/** An ARIA combobox over everybody on this server, with those picked as chips before it. */
export function PeoplePicker({
  label,
  picked,
  onPick,
  without,
  withMe = false,
  eager = false,
  unfolded = false,
}: PeoplePickerProps) {
  const id = useId()
  const myId = useMyId()
  const [query, setQuery] = useState('')
  const [active, setActive] = useState(0)
  const [focused, setFocused] = useState(false)
  const open = eager || unfolded || focused
  const found = useFound(query)
  const options = found.filter(
    (person) => (withMe || person.id !== myId) && !without?.has(person.id) && !person.deactivated,
  )
  const isPicked = (person: Account) => picked.some((one) => one.id === person.id)
  const toggle = (person: Account) => {
    onPick(isPicked(person) ? picked.filter((one) => one.id !== person.id) : [...picked, person])
    setQuery('')
    setActive(0)
  }
  const current = options[Math.min(active, options.length - 1)]
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step && options.length > 0) setActive((at) => (at + step + options.length) % options.length)
    else if (event.key === 'Enter' && current) toggle(current)
    else if (event.key === 'Backspace' && query === '') onPick(picked.slice(0, -1))
    else return
    event.preventDefault()
  }
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="text-small font-semibold">
        {label}
      </label>
      {picked.length > 0 && (
        <ul className="flex flex-wrap gap-1.5">
          {picked.map((person) => (
            <li key={person.id}>
              <button
                type="button"
                aria-label={m.rooms_unpick({ name: person.display_name })}
                onClick={() => toggle(person)}
                className="flex min-h-(--control-small) items-center gap-1.5 rounded-full bg-accent-soft py-0.5 ps-1 pe-2 text-small text-accent-ink"
              >
                <Avatar size="tiny" name={person.display_name} hue={person.hue} of={person} />
                <span dir="auto">{person.display_name}</span>
                <XIcon aria-hidden="true" className="size-3.5" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <input
        id={id}
        role="combobox"
        aria-expanded={open}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={current ? `${id}-${current.id}` : undefined}
        autoComplete="off"
        spellCheck={false}
        placeholder={m.rooms_people_placeholder()}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value)
          setActive(0)
        }}
        onKeyDown={onKeyDown}
        onFocus={() => setFocused(true)}
        onBlur={() => setFocused(false)}
        // biome-ignore lint/a11y/noAutofocus: only where the dialog asks for nothing else
        autoFocus={eager}
        className={controlClass}
      />
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label={m.rooms_people()}
        aria-multiselectable="true"
        hidden={!open}
        // A press on a name must not take the focus, and with it the list, away.
        onPointerDown={(event) => event.preventDefault()}
        className="mt-1 max-h-56 min-h-24 overflow-y-auto rounded-control border border-line p-1"
      >
        {options.map((person) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above has the keys
          // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the combobox
          <div
            key={person.id}
            id={`${id}-${person.id}`}
            role="option"
            aria-selected={isPicked(person)}
            onClick={() => toggle(person)}
            className={cx(
              'flex min-h-(--row) cursor-pointer items-center gap-2.5 rounded-small px-2',
              person === current ? 'bg-hover' : 'hover:bg-hover',
            )}
          >
            <Avatar size="small" name={person.display_name} hue={person.hue} of={person} />
            <span className="truncate" dir="auto">
              {person.display_name}
            </span>
            <span className="truncate text-small text-muted">@{person.username}</span>
            {isPicked(person) && (
              <CheckIcon aria-hidden="true" className="ms-auto size-4.5 text-accent-ink" />
            )}
          </div>
        ))}
        {options.length === 0 && (
          <p className="p-3 text-small text-muted">{m.rooms_people_none()}</p>
        )}
      </div>
    </div>
  )
}

function useFound(query: string): readonly Account[] {
  const wanted = useDeferredValue(query.trim())
  const { data } = useQuery({
    queryKey: ['people', wanted],
    queryFn: () => api.people(wanted),
    placeholderData: keepPreviousData,
  })
  return data?.people ?? []
}
