import { type ComponentType, createContext, useContext } from 'react'
import type { File } from '@/wire/files'
import type { RowPart } from './row-parts'

/** A film or a recording of a message, to be drawn in its row in whatever state it is. */
export interface FileTile extends RowPart {
  file: File
  /** What its sender says it shows; may be empty. */
  alt: string
}

/** What other features draw of a message's files. Each takes the full width it is given. */
export interface FileTiles {
  film: ComponentType<FileTile>
  sound: ComponentType<FileTile>
}

const Nothing = () => null

export const FileTilesContext = createContext<FileTiles>({ film: Nothing, sound: Nothing })

export const useFileTiles = () => useContext(FileTilesContext)
