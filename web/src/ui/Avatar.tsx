import type { CSSProperties, ReactNode } from 'react'
import { cx } from '@/lib/class-names'
import { initials } from '@/lib/text'

export type PresenceMark = 'online' | 'away' | 'dnd' | 'offline'

export interface AvatarProps {
  name: string
  /** Degrees, 0–359. */
  hue: number
  /** Whose picture is shown where there is one; else initials. */
  of?: { id: string; avatar: string | null } | null | undefined
  size?: 'tiny' | 'small' | 'normal' | 'large' | 'huge'
  /** People sit in circles, places are tiles. */
  shape?: 'person' | 'place'
  /** Instead of initials: a lock, a hash. */
  glyph?: ReactNode
  presence?: PresenceMark | undefined
  /** Said for the presence mark; without it the mark is decoration. */
  presenceLabel?: string
  className?: string
}

const sizes = {
  tiny: 'size-5 text-[0.5625rem]',
  small: 'size-7 text-caption',
  normal: 'size-(--avatar) text-small',
  large: 'size-14 text-lead',
  huge: 'size-24 text-[2.25rem]',
}

/** Where a person's picture is; another picture is another address. */
export const faceOf = (person: { id: string; avatar: string | null }): string =>
  `/api/v1/people/${person.id}/avatar?v=${person.avatar}`

/**
 * A picture, or initials over a hue until it is here. Decoration: the name always stands beside it.
 */
export function Avatar({
  name,
  hue,
  of,
  size = 'normal',
  shape = 'person',
  glyph,
  presence,
  presenceLabel,
  className,
}: AvatarProps) {
  return (
    <span className={cx('relative inline-block shrink-0', className)}>
      <span
        aria-hidden="true"
        style={{ '--hue': hue } as CSSProperties}
        className={cx(
          'hue-surface relative grid place-items-center overflow-hidden font-semibold leading-none select-none [&_svg]:size-[55%]',
          shape === 'person' ? 'rounded-full' : 'rounded-[30%]',
          sizes[size],
        )}
      >
        {glyph ?? initials(name)}
        {of?.avatar && !glyph && (
          // One that does not come leaves the initials: no sign of a broken picture.
          <img
            src={faceOf(of)}
            alt=""
            loading="lazy"
            decoding="async"
            className="absolute inset-0 size-full object-cover"
            onError={(event) => {
              event.currentTarget.hidden = true
            }}
          />
        )}
      </span>
      {presence && (
        <PresenceDot
          mark={presence}
          {...(presenceLabel && { label: presenceLabel })}
          className="absolute -end-0.5 -bottom-0.5"
        />
      )}
    </span>
  )
}

const drawings: Record<PresenceMark, ReactNode> = {
  // Full, waning, barred, empty: told apart without colour.
  online: <circle cx="6" cy="6" r="4" className="fill-live" />,
  away: <path d="M7.6 2.3a4 4 0 1 0 2.1 5.2A3.4 3.4 0 0 1 7.6 2.3Z" className="fill-live" />,
  dnd: (
    <>
      <circle cx="6" cy="6" r="4" className="fill-danger" />
      <path d="M4 6h4" strokeWidth="1.5" strokeLinecap="round" className="stroke-on-danger" />
    </>
  ),
  offline: <circle cx="6" cy="6" r="3" strokeWidth="1.75" className="fill-none stroke-faint" />,
}

export function PresenceDot(props: { mark: PresenceMark; label?: string; className?: string }) {
  return (
    <svg
      viewBox="0 0 12 12"
      role={props.label ? 'img' : undefined}
      aria-label={props.label}
      aria-hidden={props.label ? undefined : true}
      className={cx('size-3.5', props.className)}
    >
      <circle cx="6" cy="6" r="6" className="fill-(--under,var(--paper))" />
      {drawings[props.mark]}
    </svg>
  )
}
