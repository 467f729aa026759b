import { type FormEvent, useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { ApiError } from '@/lib/http'
import { useMe } from '@/lib/session'
import { Banner } from '@/ui/Banner'
import { Button } from '@/ui/Button'
import { PasswordField } from '@/ui/PasswordField'
import { toast } from '@/ui/toasts'
import { changePasswordLimits } from '@/wire/limits'
import { changePassword } from '../api'
import { checkField, onlyWrong, useForm } from '../form-errors'

export function PasswordSection() {
  const me = useMe()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const { fields, problem, busy, submit } = useForm()
  const send = async (event: FormEvent) => {
    event.preventDefault()
    const wrong = onlyWrong({
      current_password: current ? undefined : m.field_required(),
      new_password: checkField(next, changePasswordLimits.new_password),
    })
    const done = await submit(wrong, () => change(current, next))
    if (!done) return
    setCurrent('')
    setNext('')
    toast(m.accounts_password_changed())
  }
  return (
    <form
      className="flex max-w-md flex-col gap-5"
      onSubmit={(event) => void send(event)}
      noValidate
    >
      <p className="text-muted">{m.accounts_password_lead()}</p>
      {problem && <Banner tone="danger">{problem}</Banner>}
      {/* Tells the password store whose password this is. */}
      <input
        type="text"
        name="username"
        autoComplete="username"
        value={me.username}
        readOnly
        hidden
      />
      <PasswordField
        label={m.accounts_password_current()}
        autoComplete="current-password"
        value={current}
        error={fields.current_password}
        onChange={(event) => setCurrent(event.target.value)}
      />
      <PasswordField
        label={m.accounts_password_new()}
        hint={m.accounts_password_hint({ min: changePasswordLimits.new_password.minLength })}
        autoComplete="new-password"
        value={next}
        error={fields.new_password}
        onChange={(event) => setNext(event.target.value)}
      />
      <Button type="submit" tone="primary" className="self-start" busy={busy}>
        {m.accounts_password_action()}
      </Button>
    </form>
  )
}

/** Names the field where the server only says that the password is wrong. */
async function change(current: string, next: string): Promise<void> {
  try {
    await changePassword({ current_password: current, new_password: next })
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'wrong_credentials') throw error
    const errors = [{ field: 'current_password', code: 'wrong_password', message: '' }]
    throw new ApiError({ code: error.code, status: error.status, errors })
  }
}
