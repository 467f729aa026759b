import { type ReactNode, useId } from 'react'
import { cx } from '@/lib/class-names'

export interface FieldProps {
  label: string
  /** Said before anything went wrong. */
  hint?: ReactNode
  /** What is wrong and what to do; replaces the hint. */
  error?: string | undefined
  /** Shown small beside the label, e.g. “optional”. */
  aside?: string
  className?: string
}

export interface FieldControl {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': true | undefined
}

/** Label, control, and the one line beneath it that helps or tells what is wrong. */
export function Field(props: FieldProps & { children: (control: FieldControl) => ReactNode }) {
  const id = useId()
  const note = props.error ?? props.hint
  return (
    <div className={cx('flex flex-col gap-1.5', props.className)}>
      <label htmlFor={id} className="flex items-baseline justify-between text-small font-semibold">
        {props.label}
        {props.aside && <span className="font-normal text-faint">{props.aside}</span>}
      </label>
      {props.children({
        id,
        'aria-describedby': note ? `${id}-note` : undefined,
        'aria-invalid': props.error ? true : undefined,
      })}
      {note && (
        <p
          id={`${id}-note`}
          className={cx('text-small', props.error ? 'text-danger-ink' : 'text-muted')}
        >
          {note}
        </p>
      )}
    </div>
  )
}

export const controlClass = cx(
  'w-full min-h-(--control) rounded-control border border-line-strong bg-raised px-3 text-body text-ink',
  'transition-colors hover:border-ink-muted focus-visible:outline-offset-0 focus-visible:border-focus',
  'aria-invalid:border-danger disabled:opacity-60',
)
