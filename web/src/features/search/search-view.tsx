import { Link } from '@tanstack/react-router'
import { ArrowLeftIcon } from 'lucide-react'
import { useEffect } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { usePageTitle } from '@/lib/page-title'
import { SearchBody } from './search-body'
import { lookIn } from './search-state'

/** Search while no room is open. */
export function SearchView() {
  usePageTitle(m.search_title())
  useEffect(() => lookIn(null), [])
  return (
    <>
      <header className="flex min-h-16 shrink-0 items-center gap-2 border-b border-line px-2 wide:px-5">
        <Link
          to="/rooms"
          aria-label={m.rooms_back()}
          className="grid size-(--control) shrink-0 place-items-center rounded-control text-muted hover:bg-hover wide:hidden"
        >
          <ArrowLeftIcon aria-hidden="true" className="size-5 rtl:-scale-x-100" />
        </Link>
        <h1 className="font-serif text-lead font-bold">{m.search_title()}</h1>
      </header>
      <div className="mx-auto flex min-h-0 w-full max-w-2xl grow flex-col">
        <SearchBody roomId={null} />
      </div>
    </>
  )
}
