import { HistoryIcon } from 'lucide-react'
import { m } from '@/i18n/paraglide/messages.js'
import { useMyId } from '@/sync/react'
import { forgetRecent, recentOf, useRecent, useSearch } from './search-state'
import { operatorSuggestion } from './suggestions'

/** Before anything is asked: what I asked lately, and what can be asked. */
export function Recents() {
  const myId = useMyId()
  const recent = useRecent((state) => recentOf(state, myId))
  const ask = (text: string) => useSearch.setState(({ calls }) => ({ text, calls: calls + 1 }))
  return (
    <div className="flex flex-col gap-4 px-4 pt-1">
      {recent.length > 0 && (
        <section aria-label={m.search_recent()}>
          <div className="flex items-center justify-between">
            <h2 className="text-caption font-semibold text-muted">{m.search_recent()}</h2>
            <button
              type="button"
              onClick={forgetRecent}
              className="min-h-(--control-small) rounded-small px-2 text-caption text-muted hover:bg-hover"
            >
              {m.search_forget()}
            </button>
          </div>
          <ul>
            {recent.map((text) => (
              <li key={text}>
                <button
                  type="button"
                  onClick={() => ask(text)}
                  className="flex min-h-(--row) w-full items-center gap-3 rounded-control px-2 text-start hover:bg-hover"
                >
                  <HistoryIcon aria-hidden="true" className="size-4.5 shrink-0 text-faint" />
                  <span className="truncate" dir="auto">
                    {text}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section aria-label={m.search_how()}>
        <h2 className="text-caption font-semibold text-muted">{m.search_how()}</h2>
        <dl className="mt-1 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 text-small">
          {(['from', 'in', 'has', 'is', 'before', 'after', 'during'] as const)
            .map(operatorSuggestion)
            .map(({ label, hint }) => (
              <div key={label} className="contents">
                <dt className="font-mono">{label}</dt>
                <dd className="text-muted">{hint}</dd>
              </div>
            ))}
          <dt className="font-mono">“ ”</dt>
          <dd className="text-muted">{m.search_hint_phrase()}</dd>
          <dt className="font-mono">-</dt>
          <dd className="text-muted">{m.search_hint_not()}</dd>
        </dl>
      </section>
    </div>
  )
}
