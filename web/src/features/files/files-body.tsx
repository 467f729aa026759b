import type { ComponentType } from 'react'
import { type FileTile, useFileTiles } from '@/lib/file-parts'
import { later } from '@/lib/later'
import type { RowPart } from '@/lib/row-parts'
import type { FileCardProps } from './file-card'
import { galleryOf } from './gallery'
import type { PicturesProps } from './pictures'
import { placeOf, ratioOf, type Shown, shownIn, sortFiles } from './sorting'

const Pictures = later<PicturesProps>(async () => (await import('./pictures')).Pictures)
const FileCard = later<FileCardProps>(async () => (await import('./file-card')).FileCard)

/** The files of a message: pictures first, then what plays, then what is taken away. */
export function FilesBody(part: RowPart) {
  const { message } = part
  const tiles = useFileTiles()
  const { pictures, films, sounds, others } = sortFiles(shownIn(message))
  const gallery = pictures.length > 0 ? galleryOf(pictures.map(ratioOf)) : null
  const played = (list: readonly Shown[], Tile: ComponentType<FileTile>) =>
    list.map((one) => <Tile key={one.file.id} {...part} {...one} />)
  return (
    <div className="my-1 flex flex-col gap-1.5">
      {gallery && (
        <div data-gallery style={placeOf(gallery.ratio)} className="w-lg">
          <Pictures message={message} pictures={pictures} gallery={gallery} />
        </div>
      )}
      {played(films, tiles.film)}
      {played(sounds, tiles.sound)}
      {others.map(({ file }) => (
        <div key={file.id} className="min-h-15 max-w-md">
          <FileCard file={file} />
        </div>
      ))}
    </div>
  )
}
