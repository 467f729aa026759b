import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { m } from '@/i18n/paraglide/messages.js'
import { usePageTitle } from '@/lib/page-title'
import { buttonClass } from '@/ui/Button'
import { Mark } from '@/ui/Mark'
import type { Server } from '@/wire/accounts'
import { serverQuery } from './queries'
import { TableScene } from './table-scene'

export function FrontPage() {
  usePageTitle(null)
  const server = useQuery(serverQuery).data
  return (
    <div className="relative min-h-dvh overflow-hidden">
      <TableScene className="pointer-events-none absolute -bottom-72 left-1/2 w-176 max-w-none -translate-x-1/2 desk:top-1/2 desk:bottom-auto desk:left-[46%] desk:w-[max(52rem,60vw)] desk:translate-x-0 desk:-translate-y-1/2" />
      <main className="relative mx-auto flex min-h-dvh max-w-[84rem] flex-col px-6 py-6 wide:px-12">
        <p className="flex items-center gap-2.5 font-serif text-lead font-bold">
          <Mark className="size-7" />
          {m.app_name()}
        </p>
        <div className="max-w-xl pt-14 desk:my-auto desk:py-16">
          <h1 className="font-serif text-display font-bold tracking-[-0.015em]">
            {m.accounts_front_title()}
          </h1>
          <p className="mt-5 max-w-md text-lead text-muted">{m.accounts_front_text()}</p>
          <div className="mt-8 flex min-h-(--control) flex-wrap gap-3">
            {server && <Doors server={server} />}
          </div>
          {server && (
            <p className="mt-5 text-small text-muted">
              {m.accounts_front_server({ name: server.name })}
            </p>
          )}
        </div>
      </main>
    </div>
  )
}

function Doors({ server }: { server: Server }) {
  if (server.needs_owner) {
    return (
      <Link to="/setup" className={buttonClass('primary')}>
        {m.accounts_set_up()}
      </Link>
    )
  }
  return (
    <>
      <Link to="/sign-in" className={buttonClass('primary')}>
        {m.accounts_sign_in()}
      </Link>
      {server.registration === 'open' && (
        <Link to="/sign-up" className={buttonClass('plain')}>
          {m.accounts_sign_up()}
        </Link>
      )}
    </>
  )
}
