import { cx } from '@/lib/class-names'

/** The mark of public/mark.svg in the colours of the theme: three seats taken, one left for you. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" fill="none" aria-hidden="true" className={cx('shrink-0', className)}>
      <g className="stroke-ink" strokeWidth="3.4" strokeLinecap="round">
        <path d="M3.09 13.26A13.2 13.2 0 0 1 13.26 3.09" />
        <path d="M18.74 3.09A13.2 13.2 0 0 1 28.91 13.26" />
        <path d="M13.26 28.91A13.2 13.2 0 0 1 3.09 18.74" />
      </g>
      <path
        className="fill-accent"
        d="M16 8a8 8 0 1 0 2.6 15.57c1.5 1.3 3.9 2.5 6.3 2.6.5 0 .7-.5.4-.9-1.2-1.5-1.9-3.4-2.1-5.3A8 8 0 0 0 16 8Z"
      />
    </svg>
  )
}
