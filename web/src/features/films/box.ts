import type { CSSProperties } from 'react'
import type { Film } from '@/wire/films'

interface Sized {
  look: { width: number | null; height: number | null } | null
}

const USUAL = 16 / 9
/** Narrower or wider than these a film has bars. */
const NARROWEST = 0.5
const WIDEST = 2.6
const TALLEST = 28 // rem

/** Width by height of a film, as far as anybody knows. */
export function ratioOf({ look }: Sized, film: Film | null): number {
  const width = film?.width ?? look?.width
  const height = film?.height ?? look?.height
  return width && height ? Math.min(WIDEST, Math.max(NARROWEST, width / height)) : USUAL
}

/** Its box in a row: kept before anything is fetched, so that nothing jumps. */
export const boxOf = (ratio: number): CSSProperties => ({
  aspectRatio: ratio,
  width: `min(100%, 40rem, ${(TALLEST * ratio).toFixed(2)}rem)`,
})
