import { type ReactNode, useId } from 'react'

export interface ChoiceCardsProps<Value extends string> {
  label: string
  value: Value
  onChange: (value: Value) => void
  options: readonly { value: Value; label: string; picture: ReactNode }[]
}

/** A radio group one can see: arrows move, the label names it, the picture shows it. */
export function ChoiceCards<Value extends string>(props: ChoiceCardsProps<Value>) {
  const name = useId()
  return (
    <fieldset>
      <legend className="mb-2 text-small font-semibold">{props.label}</legend>
      <div className="grid max-w-lg grid-cols-3 gap-3">
        {props.options.map((option) => (
          <label
            key={option.value}
            className="flex cursor-pointer flex-col gap-2 rounded-control border border-line p-2 transition-colors hover:border-line-strong has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus"
          >
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === props.value}
              onChange={() => props.onChange(option.value)}
              className="sr-only"
            />
            {option.picture}
            <span className="text-center text-small">{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
