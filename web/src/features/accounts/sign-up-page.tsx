import { useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { m } from '@/i18n/paraglide/messages.js'
import { signUp } from './actions'
import { EntryPage, linkClass } from './entry-page'
import { useForm } from './form-errors'
import { rememberedInvite } from './joining'
import { NewAccountForm } from './new-account-form'
import { serverQuery } from './queries'

export function SignUpPage() {
  const { next } = useSearch({ from: '/sign-up' })
  const server = useQuery(serverQuery).data
  const { fields, problem, busy, submit } = useForm()
  const invite = next?.startsWith('/invite/') ? rememberedInvite() : null
  const toSignIn = (
    <Link to="/sign-in" search={next ? { next } : {}} className={linkClass}>
      {m.accounts_sign_in()}
    </Link>
  )
  if (server && server.registration !== 'open' && !invite && !server.needs_owner) {
    return (
      <EntryPage title={m.accounts_closed_title()} foot={toSignIn}>
        <p>{m.error_registration_closed()}</p>
      </EntryPage>
    )
  }
  return (
    <EntryPage
      title={m.accounts_sign_up_title()}
      lead={m.accounts_sign_up_lead()}
      problem={problem}
      foot={
        <>
          {m.accounts_have_account()} {toSignIn}
        </>
      }
    >
      <NewAccountForm
        fields={fields}
        busy={busy}
        action={m.accounts_sign_up()}
        submit={(wrong, body) =>
          void submit(wrong, () => signUp({ ...body, ...(invite && { invite }) }))
        }
      />
    </EntryPage>
  )
}
