import { CheckIcon } from 'lucide-react'
import { type InputHTMLAttributes, type ReactNode, useId } from 'react'

interface ToggleProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'type' | 'className'> {
  label: ReactNode
  hint?: ReactNode
}

export function Checkbox({ label, hint, ...input }: ToggleProps) {
  const hintId = useId()
  return (
    <label className="flex min-h-(--control-small) cursor-pointer items-start gap-3 py-1">
      <span className="relative mt-0.5 grid shrink-0 place-items-center">
        <input
          {...input}
          type="checkbox"
          aria-describedby={hint ? hintId : undefined}
          className="peer size-5 cursor-pointer appearance-none forced-colors:appearance-auto rounded-small border border-line-strong bg-raised transition-colors checked:border-accent checked:bg-accent"
        />
        <CheckIcon
          aria-hidden="true"
          strokeWidth={3}
          className="pointer-events-none absolute size-3.5 forced-colors:hidden text-on-accent opacity-0 peer-checked:opacity-100"
        />
      </span>
      <ToggleText label={label} hint={hint} hintId={hintId} />
    </label>
  )
}

export function Switch({ label, hint, ...input }: ToggleProps) {
  const hintId = useId()
  return (
    <label className="flex min-h-(--control) cursor-pointer items-center justify-between gap-6 py-1">
      <ToggleText label={label} hint={hint} hintId={hintId} />
      <span className="relative inline-flex shrink-0">
        <input
          {...input}
          type="checkbox"
          // biome-ignore lint/a11y/useAriaPropsForRole: a native checkbox tells `checked` itself
          role="switch"
          aria-describedby={hint ? hintId : undefined}
          className="peer h-6 w-10 cursor-pointer appearance-none forced-colors:appearance-auto rounded-full border border-line-strong bg-sunken transition-colors checked:border-accent checked:bg-accent"
        />
        <span
          aria-hidden="true"
          className="pointer-events-none absolute start-1 forced-colors:hidden top-1 size-4 rounded-full bg-line-strong transition-all peer-checked:start-5 peer-checked:bg-on-accent"
        />
      </span>
    </label>
  )
}

function ToggleText(props: { label: ReactNode; hint: ReactNode; hintId: string }) {
  return (
    <span className="min-w-0">
      {props.label}
      {props.hint && (
        <span id={props.hintId} className="block text-small text-muted">
          {props.hint}
        </span>
      )}
    </span>
  )
}
