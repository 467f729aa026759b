const RADIUS = 14
const ROUND = 2 * Math.PI * RADIUS

/** How far something is, as part of a circle; `part` from 0 to 1. */
export function Ring({ part }: { part: number }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className="size-9 -rotate-90">
      <circle cx="16" cy="16" r={RADIUS} fill="none" strokeWidth="3" className="stroke-line" />
      <circle
        cx="16"
        cy="16"
        r={RADIUS}
        fill="none"
        strokeWidth="3"
        strokeLinecap="round"
        strokeDasharray={ROUND}
        strokeDashoffset={ROUND * (1 - part)}
        className="stroke-accent transition-[stroke-dashoffset]"
      />
    </svg>
  )
}
