import { useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { Button } from '@/ui/Button'
import { PasswordField } from '@/ui/PasswordField'
import { TextField } from '@/ui/TextField'
import type { Server } from '@/wire/accounts'
import { signIn } from './actions'
import { EntryPage, linkClass } from './entry-page'
import { onlyWrong, useForm } from './form-errors'
import { serverQuery } from './queries'

/** What was typed stays after a refusal. Where to go next is the route guard's business. */
export function SignInPage() {
  const { next } = useSearch({ from: '/sign-in' })
  const server = useQuery(serverQuery).data
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const { fields, problem, busy, submit } = useForm()
  const send = (event: FormEvent) => {
    event.preventDefault()
    const wrong = onlyWrong({
      username: username.trim() ? undefined : m.field_required(),
      password: password ? undefined : m.field_required(),
    })
    void submit(wrong, () => signIn({ username: username.trim(), password }))
  }
  return (
    <EntryPage
      title={m.accounts_sign_in_title()}
      problem={problem}
      foot={server && <WayIn server={server} next={next} />}
    >
      <form className="flex flex-col gap-5" onSubmit={send} noValidate>
        <TextField
          label={m.accounts_username()}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          value={username}
          error={fields.username}
          onChange={(event) => setUsername(event.target.value)}
        />
        <PasswordField
          label={m.accounts_password()}
          name="password"
          autoComplete="current-password"
          value={password}
          error={fields.password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <Button type="submit" tone="primary" busy={busy}>
          {m.accounts_sign_in()}
        </Button>
      </form>
    </EntryPage>
  )
}

/** For those who have no account yet, as far as this server takes any. */
function WayIn({ server, next }: { server: Server; next: string | undefined }) {
  if (server.needs_owner) {
    return (
      <Link to="/setup" className={linkClass}>
        {m.accounts_set_up()}
      </Link>
    )
  }
  if (server.registration !== 'open' && !next?.startsWith('/invite/')) return m.accounts_by_invite()
  return (
    <>
      {m.accounts_no_account()}{' '}
      <Link to="/sign-up" search={next ? { next } : {}} className={linkClass}>
        {m.accounts_sign_up()}
      </Link>
    </>
  )
}
