import { contentUrl } from '@/lib/files'
import type { Picture } from './sorting'

/** The longest side of what the server makes, in pixels. */
const SIDES = { thumb: 320, preview: 1280 } as const
/** Best first; the last one is for everybody. */
const FORMATS = ['avif', 'webp', 'jpg'] as const
type Format = (typeof FORMATS)[number]

export interface Sources {
  /** By type, those that not every browser can draw. */
  better: readonly { type: string; srcSet: string }[]
  srcSet: string | undefined
  src: string
}

/** Which renditions there are to choose from, and the original where there are none. */
export function sourcesOf({ file }: Picture): Sources {
  const { look, room_id, id } = file
  const url = (name?: string) => contentUrl(room_id, id, name)
  const setOf = (format: Format) =>
    Object.entries(SIDES)
      .map(([name, side]) => ({ name: `${name}.${format}`, width: widthAt(look, side) }))
      .filter(({ name }) => look.renditions.includes(name))
      .map(({ name, width }) => ({ url: url(name), width }))
  const sets = FORMATS.map((format) => [format, setOf(format)] as const).filter(
    ([, set]) => set.length > 0,
  )
  const last = sets.at(-1)
  if (!last) return { better: [], srcSet: undefined, src: url() }
  const line = (set: readonly { url: string; width: number }[]) =>
    set.map((one) => `${one.url} ${one.width}w`).join(', ')
  return {
    better: sets.slice(0, -1).map(([format, set]) => ({
      type: `image/${format}`,
      srcSet: line(set),
    })),
    srcSet: line(last[1]),
    src: last[1].at(-1)?.url ?? url(),
  }
}

/** How wide a picture is whose longest side is at most this. */
export const widthAt = ({ width, height }: { width: number; height: number }, side: number) =>
  Math.max(1, Math.round(width * Math.min(1, side / Math.max(width, height))))
