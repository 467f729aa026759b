import { blocksOf } from './webvtt'

/** A small picture of a film: a rectangle in a sheet. */
export interface Tile {
  from: number
  to: number
  /** As the file names it, relative to itself. */
  sheet: string
  x: number
  y: number
  width: number
  height: number
}

const PLACE = /^(.+)#xywh=(\d+),(\d+),(\d+),(\d+)$/

/** The tiles of a storyboard in order of time. */
export function tilesOf(text: string): Tile[] {
  return blocksOf(text).flatMap(({ from, to, lines }) => {
    const [, sheet, ...numbers] = lines[0]?.match(PLACE) ?? []
    const [x = 0, y = 0, width = 0, height = 0] = numbers.map(Number)
    return sheet && width > 0 && height > 0 ? [{ from, to, sheet, x, y, width, height }] : []
  })
}

/** The tile of a moment; past the last one, the last: it may still be growing. */
export function tileAt(tiles: readonly Tile[], seconds: number): Tile | null {
  let [low, high] = [0, tiles.length - 1]
  let found: Tile | null = tiles[0] ?? null
  while (low <= high) {
    const middle = (low + high) >> 1
    const tile = tiles[middle]
    if (tile && tile.from <= seconds) {
      found = tile
      low = middle + 1
    } else high = middle - 1
  }
  return found
}
