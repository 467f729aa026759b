import type { FileTile } from '@/lib/file-parts'
import { later } from '@/lib/later'
import { boxOf, ratioOf } from './box'
import { filmOf } from './film-of'

const Film = later<FileTile>(async () => (await import('./film-tile')).FilmTile)
const Sound = later<FileTile>(async () => (await import('./sound-tile')).SoundTile)

/** Only the room it takes; what is in it comes later. */
export const FilmEntry = (tile: FileTile) => (
  <div style={boxOf(ratioOf(tile.file, filmOf(tile)))} className="relative">
    <Film {...tile} />
  </div>
)

export const SoundEntry = (tile: FileTile) => (
  <div className="min-h-18 max-w-md">
    <Sound {...tile} />
  </div>
)
