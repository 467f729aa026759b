import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { usePageTitle } from '@/lib/page-title'
import { Banner } from '@/ui/Banner'
import { Mark } from '@/ui/Mark'
import { TableScene } from './table-scene'

export interface EntryPageProps {
  title: string
  lead?: ReactNode
  /** What went wrong with the whole form. */
  problem?: string | undefined
  children: ReactNode
  foot?: ReactNode
}

/** The page around every form before the door: words and form on one side, the table on the other. */
export function EntryPage({ title, lead, problem, children, foot }: EntryPageProps) {
  usePageTitle(title)
  return (
    <div className="grid min-h-dvh desk:grid-cols-[minmax(30rem,2fr)_3fr]">
      <main className="flex flex-col px-6 py-6 wide:px-12">
        <Link to="/" className="flex w-fit items-center gap-2.5 font-serif text-lead font-bold">
          <Mark className="size-7" />
          {m.app_name()}
        </Link>
        <div className="mx-auto my-auto w-full max-w-96 py-10">
          <h1 className="font-serif text-[2.25rem] leading-tight font-bold">{title}</h1>
          {lead && <div className="mt-2 text-muted">{lead}</div>}
          <div className="mt-7 flex flex-col gap-5">
            {problem && <Banner tone="danger">{problem}</Banner>}
            {children}
          </div>
          {/* Keeps its line while the server is asked what may stand there. */}
          <p className="mt-7 min-h-6 text-muted">{foot}</p>
        </div>
      </main>
      <div aria-hidden="true" className="relative hidden overflow-hidden bg-sunken desk:block">
        <TableScene className="absolute start-[4%] top-1/2 w-[max(100%,46rem)] -translate-y-1/2" />
      </div>
    </div>
  )
}

export const linkClass =
  'font-semibold text-accent-ink underline decoration-1 underline-offset-4 hover:decoration-2'
