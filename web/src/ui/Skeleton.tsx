import { cx } from '@/lib/class-names'

/** The shape of what is coming. Give it a size; show it only after 150 ms of nothing. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={cx('block animate-breathe rounded-small bg-pressed', className ?? 'h-4 w-full')}
    />
  )
}
