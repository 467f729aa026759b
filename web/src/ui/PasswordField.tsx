import { EyeIcon, EyeOffIcon } from 'lucide-react'
import { useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { cx } from '@/lib/class-names'
import { controlClass, Field } from './Field'
import type { TextFieldProps } from './TextField'

/** Showing the password beats typing it twice. */
export function PasswordField({ label, hint, error, aside, className, ...input }: TextFieldProps) {
  const [shown, setShown] = useState(false)
  const Icon = shown ? EyeOffIcon : EyeIcon
  return (
    <Field
      label={label}
      hint={hint}
      error={error}
      {...(aside && { aside })}
      {...(className && { className })}
    >
      {(control) => (
        <span className="relative block">
          <input
            {...input}
            {...control}
            type={shown ? 'text' : 'password'}
            dir="ltr"
            spellCheck={false}
            autoCapitalize="none"
            className={cx(controlClass, 'pe-12')}
          />
          <button
            type="button"
            aria-label={shown ? m.ui_hide_password() : m.ui_show_password()}
            aria-pressed={shown}
            onClick={() => setShown(!shown)}
            className="absolute inset-y-0 end-0 grid w-11 place-items-center rounded-control text-muted hover:text-ink"
          >
            <Icon className="size-5" aria-hidden="true" />
          </button>
        </span>
      )}
    </Field>
  )
}
