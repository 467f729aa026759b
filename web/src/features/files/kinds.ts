import {
  FileArchiveIcon,
  FileAudioIcon,
  FileCodeIcon,
  FileIcon,
  FileImageIcon,
  FileSpreadsheetIcon,
  FileTextIcon,
  FileVideoIcon,
  type LucideIcon,
} from 'lucide-react'

const byType: readonly (readonly [RegExp, LucideIcon])[] = [
  [/^image\//, FileImageIcon],
  [/^video\//, FileVideoIcon],
  [/^audio\//, FileAudioIcon],
  [/spreadsheet|excel|csv/, FileSpreadsheetIcon],
  [/zip|compressed|x-tar|gzip|x-7z|rar|zstd/, FileArchiveIcon],
  [/json|xml|javascript|html|x-sh|x-python/, FileCodeIcon],
  [/^text\/|pdf|word|opendocument|presentation|rtf/, FileTextIcon],
]

/** A picture of what kind of thing it is. */
export const iconOf = (mediaType: string): LucideIcon =>
  byType.find(([type]) => type.test(mediaType))?.[1] ?? FileIcon

/** The ending of a name, at most four letters, for a small label; empty where it has none. */
export const endingOf = (name: string): string => /\.([a-z0-9]{1,4})$/i.exec(name)?.[1] ?? ''
