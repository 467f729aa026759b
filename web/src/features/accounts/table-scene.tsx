import { cx } from '@/lib/class-names'

/**
 * The table from above, as in the mark: people around it, one chair free. What lies on it is what
 * this place is for: talk, code, a film, a call. Drawn with tokens, so it has an evening too.
 */
export function TableScene({ className }: { className?: string }) {
  return (
    <svg
      viewBox="0 0 640 640"
      fill="none"
      aria-hidden="true"
      className={cx('table-scene', className)}
    >
      <defs>
        <radialGradient id="glow">
          <stop offset="0" stopColor="var(--flame)" stopOpacity="0.5" />
          <stop offset="1" stopColor="var(--flame)" stopOpacity="0" />
        </radialGradient>
      </defs>
      <circle cx="320" cy="320" r="300" fill="var(--rug)" />
      <Chairs />
      <circle cx="324" cy="330" r="196" fill="var(--lift-ink)" />
      <circle cx="320" cy="320" r="196" fill="var(--wood)" />
      <circle cx="238" cy="246" r="150" fill="url(#glow)" />
      <circle cx="320" cy="320" r="180" stroke="var(--wood-line)" strokeWidth="1.5" />
      <Screen />
      <Notebook />
      <Cup x={398} y={214} turn={40} />
      <Cup x={206} y={330} turn={200} />
      <Olives />
      <Phone />
      <Candle />
    </svg>
  )
}

/** Six chairs around; the one at the lower right is drawn but empty, and its rug is olive. */
function Chairs() {
  return (
    <>
      {[-120, -60, 0, 120, 180].map((angle, at) => (
        <g key={angle} transform={`rotate(${angle} 320 320) translate(560 320)`}>
          <path
            d="M-14-62A240 240 0 0 1-14 62"
            stroke="var(--chair)"
            strokeWidth="15"
            strokeLinecap="round"
          />
          <circle
            cx="-42"
            cy="0"
            r="36"
            className="hue-fill"
            style={{ '--hue': [38, 262, 330, 205, 75][at] } as object}
          />
        </g>
      ))}
      <g transform="rotate(60 320 320) translate(560 320)">
        <path
          d="M-6-62A240 240 0 0 1-6 62"
          className="stroke-live"
          strokeWidth="9"
          strokeLinecap="round"
          strokeDasharray="1 20"
        />
      </g>
    </>
  )
}

function Screen() {
  return (
    <g transform="translate(318 214) rotate(-4)">
      <rect x="-62" y="-44" width="124" height="80" rx="9" fill="var(--slate)" />
      <rect
        x="-54"
        y="-36"
        width="108"
        height="64"
        rx="4"
        fill="var(--china-shade)"
        opacity="0.92"
      />
      <path d="M-10-19 16-4-10 11Z" fill="var(--clay)" />
      <path d="M-44 20h88" stroke="var(--china-line)" strokeWidth="4" strokeLinecap="round" />
      <path d="M-44 20h36" stroke="var(--clay)" strokeWidth="4" strokeLinecap="round" />
    </g>
  )
}

function Notebook() {
  return (
    <g transform="translate(262 428) rotate(14)">
      <rect x="-58" y="-42" width="120" height="88" rx="6" fill="var(--lift-ink)" />
      <rect x="-60" y="-46" width="120" height="88" rx="6" fill="var(--china)" />
      <path d="M0-46v88" stroke="var(--china-line)" strokeWidth="2" />
      <g strokeWidth="4.5" strokeLinecap="round">
        <path
          d="M-48-30h20M-40-18h26M-40-6h14M-48 6h10M-48 26h30"
          stroke="var(--slate)"
          opacity="0.75"
        />
        <path d="M-20-6h8M-30 6h12" stroke="var(--clay)" />
        <path d="M12-30h34M12-18h24M12-6h30M12 6h18" stroke="var(--china-line)" opacity="0.7" />
      </g>
    </g>
  )
}

function Cup({ x, y, turn }: { x: number; y: number; turn: number }) {
  return (
    <g transform={`translate(${x} ${y}) rotate(${turn})`}>
      <circle cx="3" cy="5" r="33" fill="var(--lift-ink)" />
      <circle r="33" fill="var(--china-shade)" />
      <circle r="25" stroke="var(--china-line)" strokeWidth="1.5" />
      <path
        d="M16 0h14a8 8 0 0 1 0 14h-8"
        stroke="var(--china)"
        strokeWidth="6"
        strokeLinecap="round"
      />
      <circle r="19" fill="var(--china)" />
      <circle r="15" fill="oklch(0.36 0.06 48)" />
      <path
        d="M-8-4a9 9 0 0 1 12-5"
        stroke="oklch(0.62 0.07 60)"
        strokeWidth="2.5"
        strokeLinecap="round"
      />
    </g>
  )
}

function Olives() {
  return (
    <g transform="translate(340 322)">
      <circle cx="3" cy="6" r="42" fill="var(--lift-ink)" />
      <circle r="42" fill="var(--china)" />
      <circle r="34" fill="var(--china-shade)" />
      {[
        [-13, -10],
        [8, -16],
        [15, 4],
        [-4, 6],
        [-18, 10],
        [4, 19],
      ].map(([cx, cy]) => (
        <ellipse
          key={`${cx} ${cy}`}
          cx={cx}
          cy={cy}
          rx="10"
          ry="8.5"
          fill="var(--olive)"
          stroke="var(--china-shade)"
          strokeWidth="1.5"
          transform={`rotate(${(cx ?? 0) * 5} ${cx} ${cy})`}
        />
      ))}
      <circle cx="10" cy="-17" r="2.4" fill="var(--clay)" />
      <circle cx="-15" cy="11" r="2.4" fill="var(--clay)" />
    </g>
  )
}

function Phone() {
  return (
    <g transform="translate(432 386) rotate(24)">
      <rect x="-22" y="-40" width="48" height="86" rx="10" fill="var(--lift-ink)" />
      <rect x="-24" y="-44" width="48" height="86" rx="10" fill="var(--slate)" />
      <circle cx="-6" cy="-14" r="9" fill="oklch(0.72 0.09 262)" />
      <circle cx="8" cy="6" r="9" fill="oklch(0.74 0.1 330)" />
      <circle cx="8" cy="6" r="13" className="stroke-live" strokeWidth="2.5" />
      <path d="M-8 29h16" stroke="var(--clay)" strokeWidth="7" strokeLinecap="round" />
    </g>
  )
}

function Candle() {
  return (
    <g transform="translate(238 246)">
      <circle r="24" fill="var(--flame)" opacity="0.3" />
      <circle r="13" fill="var(--china)" />
      <path d="M0-8c5 4 5 12 0 14-5-2-5-10 0-14Z" fill="oklch(0.82 0.16 72)" />
    </g>
  )
}
