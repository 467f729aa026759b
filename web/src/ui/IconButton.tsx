import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react'
import { cx } from '@/lib/class-names'
import { tip } from './Tooltip'

export interface IconButtonProps
  extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'aria-label'> {
  /** What it does, in words: read aloud, and shown on hover and focus. */
  label: string
  icon: ReactNode
  size?: 'normal' | 'small'
  /** For buttons that stay down. */
  pressed?: boolean
  /** As in the shortcut registry, e.g. `Mod+K`. */
  keys?: string
  tone?: 'quiet' | 'accent' | 'danger'
  ref?: Ref<HTMLButtonElement>
}

const tones = {
  quiet: 'text-muted hover:text-ink hover:bg-hover',
  accent: 'text-on-accent bg-accent hover:bg-accent-hover',
  danger: 'text-danger-ink hover:bg-danger-soft',
}

export function IconButton({
  label,
  icon,
  size = 'normal',
  pressed,
  keys,
  tone = 'quiet',
  className,
  ...rest
}: IconButtonProps) {
  return (
    <button
      type="button"
      {...tip(label, keys)}
      aria-label={label}
      aria-pressed={pressed}
      {...rest}
      className={cx(
        'inline-grid shrink-0 place-items-center rounded-control transition-colors disabled:opacity-50',
        'aria-pressed:bg-accent-soft aria-pressed:text-accent-ink aria-expanded:bg-hover aria-expanded:text-ink',
        size === 'small' ? 'size-(--control-small)' : 'size-(--control)',
        '[&_svg]:size-5',
        tones[tone],
        className,
      )}
    >
      {icon}
    </button>
  )
}
