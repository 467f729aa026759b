import type { ReactNode } from 'react'
import { cx } from '@/lib/class-names'

const tones = {
  plain: 'bg-sunken text-ink border-line',
  live: 'bg-live-soft text-live-ink border-transparent',
  danger: 'bg-danger-soft text-danger-ink border-transparent',
}

export interface BannerProps {
  tone?: keyof typeof tones
  icon?: ReactNode
  action?: ReactNode
  children: ReactNode
  /** A slim bar across the top rather than a card in the flow. */
  slim?: boolean
}

export function Banner({ tone = 'plain', icon, action, slim = false, children }: BannerProps) {
  return (
    <div
      role={tone === 'danger' ? 'alert' : 'status'}
      className={cx(
        'flex items-center gap-3 text-small [&_svg]:size-4.5 [&_svg]:shrink-0',
        slim ? 'justify-center border-b px-4 py-1.5' : 'rounded-control border px-4 py-3',
        tones[tone],
      )}
    >
      {icon}
      <div className={slim ? '' : 'grow'}>{children}</div>
      {action}
    </div>
  )
}
