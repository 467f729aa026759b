import type { File, Look } from '@/wire/files'
import type { Body } from '@/wire/messages'
import type { TimelineMessage } from '@/wire/timeline'

/** A file in its place in a message. */
export interface Shown {
  file: File
  alt: string
}

export type Picture = Shown & { file: { look: Look & { width: number; height: number } } }

/** What a message's files are shown as, each group in the order they were sent. */
export interface Sorted {
  pictures: readonly Picture[]
  films: readonly Shown[]
  sounds: readonly Shown[]
  /** Whatever is only there to be taken away, or not to be had. */
  others: readonly Shown[]
}

export const filesBody = (body: Body) => (body.kind === 'files' ? body : null)

/** The files of a message, in the order they were sent; those that are gone are left out. */
export function shownIn({ body, files }: Pick<TimelineMessage, 'body' | 'files'>): Shown[] {
  const byId = new Map(files.map((file) => [file.id, file]))
  return (filesBody(body)?.files ?? []).flatMap(({ id, alt }) => {
    const file = byId.get(id)
    return file ? [{ file, alt }] : []
  })
}

export function sortFiles(shown: readonly Shown[]): Sorted {
  const ready = (one: Shown, type: string) =>
    one.file.state === 'ready' && one.file.media_type.startsWith(type)
  const pictures = shown.filter((one): one is Picture => isPictureFile(one.file))
  const films = shown.filter((one) => ready(one, 'video/'))
  const sounds = shown.filter((one) => ready(one, 'audio/'))
  const taken = new Set<Shown>([...pictures, ...films, ...sounds])
  return { pictures, films, sounds, others: shown.filter((one) => !taken.has(one)) }
}

/** One that browsers can draw: it was looked at, and its size is known. */
export const isPictureFile = ({ state, media_type, look }: File): boolean =>
  state === 'ready' &&
  media_type.startsWith('image/') &&
  look !== null &&
  look.width !== null &&
  look.height !== null

/** Width by height. */
export const ratioOf = ({ file }: Picture): number =>
  file.look.width / Math.max(1, file.look.height)

/** A place as high as the pictures will be, whatever the width: nothing jumps when they come. */
export const placeOf = (ratio: number) => ({
  aspectRatio: ratio,
  maxWidth: `min(100%, 32rem, ${(24 * ratio).toFixed(2)}rem)`,
})
