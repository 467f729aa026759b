/** How the pictures of one message lie: rows of equal width, each picture in its own proportions. */
export interface Gallery {
  /** Width by height of the whole. */
  ratio: number
  /** By index; all pictures of a row are equally high. */
  rows: readonly (readonly number[])[]
  /** Of each picture, as it is shown: very long ones are cut. */
  ratios: readonly number[]
}

/** Narrower or wider ones are cut: a strip would be a line. */
const NARROWEST = 0.56
const WIDEST = 2.4
/** What a message with several pictures should come near to. */
const WISHED_RATIO = 1.25
/** Of a picture whose size nobody knows yet. */
export const UNKNOWN_RATIO = 4 / 3

/** `ratios` are width by height, in order, at least one. */
export function galleryOf(sizes: readonly (number | null)[]): Gallery {
  const ratios = sizes.map((ratio) => clamp(ratio ?? UNKNOWN_RATIO, NARROWEST, WIDEST))
  let best: Gallery | null = null
  for (const counts of splits(ratios.length)) {
    const gallery = lie(ratios, counts)
    if (best === null || off(gallery) < off(best)) best = gallery
  }
  return best ?? lie(ratios, [ratios.length])
}

/** How far from what one wishes: a tower is worse than a band. */
function off({ ratio }: Gallery): number {
  const step = Math.log(ratio / WISHED_RATIO)
  return step < 0 ? -1.5 * step : step
}

function lie(ratios: readonly number[], counts: readonly number[]): Gallery {
  const rows: number[][] = []
  let at = 0
  for (const count of counts) {
    rows.push(Array.from({ length: count }, (_, index) => at + index))
    at += count
  }
  return { ratio: 1 / rows.reduce((sum, row) => sum + 1 / rowRatio(ratios, row), 0), rows, ratios }
}

/** Shares below one in all would leave a part of the place empty. */
export const shareOf = (part: number) => 100 * part

/** Width by height of one row. */
export const rowRatio = (ratios: readonly number[], row: readonly number[]) =>
  row.reduce((sum, index) => sum + (ratios[index] ?? UNKNOWN_RATIO), 0)

/** Every way to cut them into at most four rows of at most four. */
function splits(count: number): readonly (readonly number[])[] {
  if (count <= 1) return [[count]]
  const found: number[][] = []
  const grow = (done: readonly number[], left: number) => {
    if (left === 0) found.push([...done])
    for (let take = 1; take <= Math.min(4, left); take++) {
      if (done.length < 4) grow([...done, take], left - take)
    }
  }
  grow([], count)
  return found
}

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value))
