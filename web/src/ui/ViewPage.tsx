import type { ReactNode } from 'react'

/** A page of its own in the centre: a title and what is listed. */
export function ViewPage({
  title,
  aside,
  children,
}: {
  title: string
  /** At the end of its header: what may be done with all of it. */
  aside?: ReactNode
  children: ReactNode
}) {
  return (
    <section aria-label={title} className="flex min-h-0 grow flex-col">
      <header className="flex min-h-16 shrink-0 items-center gap-3 border-b border-line px-5 ps-14 wide:ps-5">
        <h1 className="grow font-serif text-lead font-bold">{title}</h1>
        {aside}
      </header>
      <div className="min-h-0 grow overflow-y-auto">
        <div className="mx-auto w-full max-w-3xl p-3 wide:p-5">{children}</div>
      </div>
    </section>
  )
}

/** One thing of such a page. */
export function ViewCard({ children }: { children: ReactNode }) {
  return (
    <li className="mb-3 rounded-card border border-line bg-raised p-3 shadow-low wide:p-4">
      {children}
    </li>
  )
}
