import { type ReactNode, useId } from 'react'
import { cx } from '@/lib/class-names'

interface Choice<Value> {
  value: Value
  label: string
  /** Not to be had yet, and why. */
  note?: string
  disabled?: boolean
}

interface ChoicesProps<Value> {
  legend: string
  value: Value
  choices: readonly Choice<Value>[]
  choose: (value: Value) => void
  children?: ReactNode
}

/** One of a few, all in sight. */
export function Choices<Value extends string | number | null>(props: ChoicesProps<Value>) {
  const name = useId()
  return (
    <fieldset>
      <legend className="mb-1.5 text-caption font-semibold text-muted">{props.legend}</legend>
      <div className="flex flex-wrap gap-1.5">
        {props.choices.map(({ value, label, note, disabled }) => (
          <label
            key={label}
            className={cx(
              'relative inline-flex min-h-8 cursor-pointer items-center gap-1.5 rounded-full border border-line px-2.5 text-small coarse:min-h-11',
              'has-checked:border-transparent has-checked:bg-accent-soft has-checked:font-semibold has-checked:text-accent-ink',
              'has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus',
              disabled ? 'cursor-default text-faint' : 'hover:bg-hover',
            )}
          >
            <input
              type="radio"
              name={name}
              className="absolute inset-0 cursor-[inherit] opacity-0"
              checked={value === props.value}
              disabled={disabled}
              onChange={() => props.choose(value)}
            />
            {label}
            {note && <span className="text-caption">{note}</span>}
          </label>
        ))}
        {props.children}
      </div>
    </fieldset>
  )
}
