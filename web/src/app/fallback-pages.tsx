import { type ErrorComponentProps, Link } from '@tanstack/react-router'
import { m } from '@/i18n/paraglide/messages.js'
import { buttonClass } from '@/ui/Button'
import { EmptyState } from '@/ui/EmptyState'
import { ErrorState } from '@/ui/ErrorState'

export function MissingPage() {
  return (
    <main className="grid min-h-dvh place-items-center">
      <EmptyState
        title={m.app_missing_title()}
        action={
          <Link to="/" className={buttonClass('primary')}>
            {m.app_missing_action()}
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
