import { cx } from '@/lib/class-names'

interface WaveProps {
  /** Loudness from 0 to 100. */
  bars: readonly number[]
  className?: string
}

/** Loudness as bars, in the colour of the text. Its size is that of its place. */
export function Wave({ bars, className }: WaveProps) {
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${bars.length * 3} 32`}
      preserveAspectRatio="none"
      className={cx('h-8 w-full fill-current', className)}
    >
      {bars.map((loud, at) => {
        const height = Math.max(2, (loud / 100) * 32)
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a step of the wave has no other name
          <rect key={at} x={at * 3} y={(32 - height) / 2} width={2} height={height} rx={1} />
        )
      })}
    </svg>
  )
}
