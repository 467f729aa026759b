import { XIcon } from 'lucide-react'
import { m } from '@/i18n/paraglide/messages.js'
import { itemsOf, type Operator, without } from './question'
import { useSearch } from './search-state'

/** Offered while the question does not have them yet. */
const offered: readonly Operator[] = ['from', 'in', 'has', 'is', 'during']

/** What narrows the question, each to be taken away; and what else could. */
export function Chips() {
  const text = useSearch((state) => state.text)
  const items = itemsOf(text)
  const unused = offered.filter((one) => !items.some(({ operator }) => operator === one))
  const begin = (operator: Operator) =>
    useSearch.setState(({ text, calls }) => ({
      text: `${text}${text === '' || /\s$/.test(text) ? '' : ' '}${operator}:`,
      calls: calls + 1,
    }))
  return (
    <ul aria-label={m.search_filters()} className="flex flex-wrap gap-1.5">
      {items.map((item) => (
        <li key={`${item.start}`}>
          <button
            type="button"
            aria-label={m.search_remove_filter({ filter: text.slice(item.start, item.end) })}
            onClick={() => useSearch.setState({ text: without(text, item) })}
            className="flex min-h-(--control-small) items-center gap-1.5 rounded-full bg-accent-soft ps-3 pe-2 text-small text-accent-ink"
          >
            <span dir="auto" className="max-w-48 truncate">
              {text.slice(item.start, item.end)}
            </span>
            <XIcon aria-hidden="true" className="size-3.5 shrink-0" />
          </button>
        </li>
      ))}
      {unused.map((operator) => (
        <li key={operator}>
          <button
            type="button"
            onClick={() => begin(operator)}
            className="min-h-(--control-small) rounded-full border border-line px-3 text-small text-muted transition-colors hover:border-line-strong hover:text-ink"
          >
            {operator}:
          </button>
        </li>
      ))}
    </ul>
  )
}
