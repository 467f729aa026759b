import type { FileTile } from '@/lib/file-parts'
import { later } from '@/lib/later'
import { boxOf, ratioOf } from './box'
import { filmOf, isLost } from './film-of'

const Film = later<FileTile>(async () => (await import('./film-tile')).FilmTile)
const Sound = later<FileTile>(async () => (await import('./sound-tile')).SoundTile)

/** Only the room it takes; what is in it comes later. */
export function FilmEntry(tile: FileTile) {
  const film = filmOf(tile)
  const box = isLost(tile.file, film) ? undefined : boxOf(ratioOf(tile.file, film))
  return (
    <div style={box} className={box ? 'relative' : 'min-h-18 max-w-md'}>
      <Film {...tile} />
    </div>
  )
}

export const SoundEntry = (tile: FileTile) => (
  <div className="min-h-18 max-w-md">
    <Sound {...tile} />
  </div>
)
