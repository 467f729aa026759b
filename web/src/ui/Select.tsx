import { ChevronDownIcon } from 'lucide-react'
import type { SelectHTMLAttributes } from 'react'
import { cx } from '@/lib/class-names'
import { controlClass, Field, type FieldProps } from './Field'

export interface SelectProps<Value extends string>
  extends FieldProps,
    Omit<SelectHTMLAttributes<HTMLSelectElement>, 'id' | 'className' | 'value' | 'onChange'> {
  value: Value
  options: readonly { value: Value; label: string }[]
  onChange: (value: Value) => void
}

/** The system's own list: it is right on every phone and for every screen reader. */
export function Select<Value extends string>({
  label,
  hint,
  error,
  aside,
  className,
  options,
  onChange,
  ...select
}: SelectProps<Value>) {
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
          <select
            {...select}
            {...control}
            onChange={(event) => onChange(event.target.value as Value)}
            className={cx(controlClass, 'cursor-pointer appearance-none pe-10')}
          >
            {options.map((option) => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ))}
          </select>
          <ChevronDownIcon
            aria-hidden="true"
            className="pointer-events-none absolute inset-y-0 end-3 my-auto size-5 text-muted"
          />
        </span>
      )}
    </Field>
  )
}
