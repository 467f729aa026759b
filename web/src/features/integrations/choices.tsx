import type { ReactNode } from 'react'
import { Checkbox } from '@/ui/Checkbox'

interface ChoicesProps<Value extends string> {
  label: string
  options: readonly { value: Value; label: string; hint?: string }[]
  chosen: readonly Value[]
  onChange: (chosen: Value[]) => void
  /** Said where nothing is chosen. */
  none: string
  children?: ReactNode
}

/** Any of several. */
export function Choices<Value extends string>(props: ChoicesProps<Value>) {
  const { options, chosen } = props
  const toggle = (value: Value) =>
    props.onChange(
      options
        .map((option) => option.value)
        .filter((one) => (one === value ? !chosen.includes(one) : chosen.includes(one))),
    )
  return (
    <fieldset>
      <legend className="mb-1 text-small font-semibold">{props.label}</legend>
      {options.map((option) => (
        <Checkbox
          key={option.value}
          label={option.label}
          hint={option.hint}
          checked={chosen.includes(option.value)}
          onChange={() => toggle(option.value)}
        />
      ))}
      {chosen.length === 0 && <p className="text-small text-danger-ink">{props.none}</p>}
      {props.children}
    </fieldset>
  )
}
