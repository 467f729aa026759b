import { type ErrorComponentProps, Link } from '@tanstack/react-router'
import { m } from '@/i18n/paraglide/messages.js'
import { useSession } from '@/lib/session'
import { buttonClass } from '@/ui/Button'
import { EmptyState } from '@/ui/EmptyState'
import { ErrorState } from '@/ui/ErrorState'
import { Mark } from '@/ui/Mark'

export function MissingPage() {
  const signedIn = useSession((state) => state.account !== null)
  return (
    <main className="grid min-h-dvh place-items-center">
      <EmptyState
        level={1}
        title={m.app_missing_title()}
        art={<Mark className="mb-2 size-16" />}
        action={
          <Link to="/" className={buttonClass('primary')}>
            {signedIn ? m.app_missing_action() : m.app_missing_start()}
          </Link>
        }
      >
        {m.app_missing_text()}
      </EmptyState>
    </main>
  )
}

export function BrokenPage({ reset }: ErrorComponentProps) {
  return (
    <main className="grid min-h-full place-items-center">
      <ErrorState title={m.app_broken_title()} text={m.app_broken_text()} retry={reset} />
    </main>
  )
}

/** In the place of a page whose code is not here while the server is away. */
export function UnreachedPage() {
  return (
    <main className="grid min-h-dvh place-items-center">
      <EmptyState
        level={1}
        title={m.error_network()}
        art={<Mark className="mb-2 size-16" />}
        action={
          <Link to="/rooms" className={buttonClass('primary')}>
            {m.app_missing_action()}
          </Link>
        }
      />
    </main>
  )
}
