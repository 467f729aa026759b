import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react'
import { cx } from '@/lib/class-names'
import { Spinner } from './Spinner'

export type Tone = 'primary' | 'plain' | 'quiet' | 'danger'

const tones: Record<Tone, string> = {
  primary: 'border border-transparent bg-accent text-on-accent hover:bg-accent-hover shadow-low',
  plain: 'bg-raised text-ink border border-line-strong hover:bg-hover',
  quiet: 'border border-transparent text-ink hover:bg-hover active:bg-pressed',
  danger: 'border border-transparent bg-danger text-on-danger hover:bg-danger-hover shadow-low',
}

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  tone?: Tone
  size?: 'normal' | 'small'
  icon?: ReactNode
  /** Work is under way: the button keeps its width and focus, and ignores further presses. */
  busy?: boolean
  ref?: Ref<HTMLButtonElement>
}

/** Shared with links that look like buttons. */
export function buttonClass(tone: Tone = 'plain', size: 'normal' | 'small' = 'normal'): string {
  return cx(
    'relative inline-flex items-center justify-center gap-2 rounded-control font-semibold whitespace-nowrap select-none',
    'transition-colors disabled:opacity-55 aria-disabled:opacity-70',
    size === 'small'
      ? 'min-h-(--control-small) px-3 text-small'
      : 'min-h-(--control) px-4 text-body',
    tones[tone],
  )
}

export function Button({
  tone,
  size,
  icon,
  busy = false,
  className,
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : rest.onClick}
      className={cx(buttonClass(tone, size), className)}
    >
      <span className={cx('inline-flex items-center gap-2', busy && 'invisible')}>
        {icon}
        {children}
      </span>
      {busy && (
        <span className="absolute inset-0 grid place-items-center">
          <Spinner />
        </span>
      )}
    </button>
  )
}
