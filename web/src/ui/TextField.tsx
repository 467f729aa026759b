import type { InputHTMLAttributes, Ref } from 'react'
import { cx } from '@/lib/class-names'
import { controlClass, Field, type FieldProps } from './Field'

export interface TextFieldProps
  extends FieldProps,
    Omit<InputHTMLAttributes<HTMLInputElement>, 'id' | 'className'> {
  ref?: Ref<HTMLInputElement>
}

export function TextField({ label, hint, error, aside, className, ...input }: TextFieldProps) {
  return (
    <Field
      label={label}
      hint={hint}
      error={error}
      {...(aside && { aside })}
      {...(className && { className })}
    >
      {(control) => (
        <input type="text" dir="auto" {...input} {...control} className={cx(controlClass)} />
      )}
    </Field>
  )
}
