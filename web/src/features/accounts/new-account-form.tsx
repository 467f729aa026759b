import { type FormEvent, useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { Button } from '@/ui/Button'
import { PasswordField } from '@/ui/PasswordField'
import { TextField } from '@/ui/TextField'
import type { Register } from '@/wire/accounts'
import { registerLimits } from '@/wire/limits'
import { checkField, type FieldErrors, onlyWrong } from './form-errors'

interface NewAccountFormProps {
  fields: FieldErrors
  busy: boolean
  action: string
  submit: (wrong: FieldErrors, body: Register) => void
}

/** The three things an account needs, for guests and for the owner alike. */
export function NewAccountForm({ fields, busy, action, submit }: NewAccountFormProps) {
  const [displayName, setDisplayName] = useState('')
  const [username, setUsername] = useState('')
  const [usernameTouched, setUsernameTouched] = useState(false)
  const [password, setPassword] = useState('')
  const name = usernameTouched ? username : suggestUsername(displayName)
  const send = (event: FormEvent) => {
    event.preventDefault()
    const shown = displayName.trim()
    const wrong = onlyWrong({
      display_name: shown ? checkField(shown, registerLimits.display_name) : undefined,
      username: checkField(name, registerLimits.username, m.field_username()),
      password: checkField(password, registerLimits.password),
    })
    submit(wrong, { username: name, password, ...(shown && { display_name: shown }) })
  }
  return (
    <form className="flex flex-col gap-5" onSubmit={send} noValidate>
      <TextField
        label={m.accounts_display_name()}
        aside={m.ui_optional()}
        name="name"
        autoComplete="name"
        autoFocus
        value={displayName}
        error={fields.display_name}
        onChange={(event) => setDisplayName(event.target.value)}
      />
      <TextField
        label={m.accounts_username()}
        hint={m.accounts_username_hint()}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        dir="ltr"
        value={name}
        error={fields.username}
        onChange={(event) => {
          setUsernameTouched(true)
          setUsername(event.target.value.trim())
        }}
      />
      <PasswordField
        label={m.accounts_password()}
        hint={m.accounts_password_hint({ min: registerLimits.password.minLength })}
        name="new-password"
        autoComplete="new-password"
        value={password}
        error={fields.password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <Button type="submit" tone="primary" busy={busy}>
        {action}
      </Button>
    </form>
  )
}

/** “Ana María Sol” → “ana.maria.sol”: one thing less to think of. */
export function suggestUsername(displayName: string): string {
  return displayName
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '.')
    .replace(/^\.+|\.+$/g, '')
    .slice(0, registerLimits.username.maxLength)
    .replace(/\.+$/, '')
}
