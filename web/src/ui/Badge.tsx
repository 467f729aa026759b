import type { ReactNode } from 'react'
import { cx } from '@/lib/class-names'

const tones = {
  accent: 'bg-accent text-on-accent',
  quiet: 'bg-pressed text-muted',
  live: 'bg-live-soft text-live-ink',
  danger: 'bg-danger-soft text-danger-ink',
}

/** A count or a word. `label` says aloud what a bare number means. */
export function Badge(props: { tone?: keyof typeof tones; label?: string; children: ReactNode }) {
  return (
    <span
      className={cx(
        'inline-flex h-5 min-w-5 items-center justify-center rounded-full px-1.5 text-caption font-semibold tabular-nums',
        tones[props.tone ?? 'accent'],
      )}
    >
      {props.label ? (
        <>
          <span aria-hidden="true">{props.children}</span>
          <span className="sr-only">{props.label}</span>
        </>
      ) : (
        props.children
      )}
    </span>
  )
}
