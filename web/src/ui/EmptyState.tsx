import type { ReactNode } from 'react'
import { cx } from '@/lib/class-names'

export interface EmptyStateProps {
  title: string
  children?: ReactNode
  /** One action, not a choice. */
  action?: ReactNode
  art?: ReactNode
  className?: string
  /** 1 where this is all the page says. */
  level?: 1 | 2
}

export function EmptyState({
  title,
  children,
  action,
  art,
  className,
  level = 2,
}: EmptyStateProps) {
  const Heading = `h${level}` as const
  return (
    <div
      className={cx(
        'mx-auto flex max-w-sm flex-col items-center gap-3 px-6 py-12 text-center',
        className,
      )}
    >
      {art}
      <Heading className="font-serif text-title">{title}</Heading>
      {children && <div className="text-muted">{children}</div>}
      {action && <div className="mt-2">{action}</div>}
    </div>
  )
}
