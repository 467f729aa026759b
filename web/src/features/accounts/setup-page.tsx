import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { m } from '@/i18n/paraglide/messages.js'
import { buttonClass } from '@/ui/Button'
import { signUp } from './actions'
import { EntryPage } from './entry-page'
import { useForm } from './form-errors'
import { NewAccountForm } from './new-account-form'
import { serverQuery } from './queries'

/** First run: whoever holds the link printed by the server becomes its owner. */
export function SetupPage() {
  const { token } = useSearch({ from: '/setup' })
  const navigate = useNavigate()
  const server = useQuery(serverQuery).data
  const { fields, problem, busy, submit } = useForm()
  if (server && !server.needs_owner) {
    return (
      <EntryPage title={m.accounts_setup_done_title()}>
        <p>{m.accounts_setup_done_text()}</p>
        <Link to="/sign-in" className={buttonClass('primary')}>
          {m.accounts_sign_in()}
        </Link>
      </EntryPage>
    )
  }
  if (server?.needs_setup_token && !token) {
    return (
      <EntryPage title={m.accounts_setup_title()}>
        <p>{m.accounts_setup_token_missing()}</p>
      </EntryPage>
    )
  }
  return (
    <EntryPage title={m.accounts_setup_title()} lead={m.accounts_setup_lead()} problem={problem}>
      <NewAccountForm
        fields={fields}
        busy={busy}
        action={m.accounts_setup_action()}
        submit={async (wrong, body) => {
          const setup = { ...body, ...(token && { setup_token: token }) }
          const done = await submit(wrong, () => signUp(setup))
          // `replace` takes the token out of the address bar and the history.
          if (done) await navigate({ to: '/rooms', replace: true })
        }}
      />
    </EntryPage>
  )
}
