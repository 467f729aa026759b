import { create } from 'zustand'

/** What a picture on its way looks like: small, so that ten of them from a camera fit in memory. */
export interface Preview {
  url: string
  /** Of the whole picture, in pixels, upright. */
  width: number
  height: number
}

/** Longer than any tile or row shows it. */
const LONGEST = 640

/** By upload. Null where the browser cannot draw it. */
export const usePreviews = create<{ all: Readonly<Record<string, Preview | null>> }>()(() => ({
  all: {},
}))

export const isPicture = (mediaType: string) =>
  mediaType.startsWith('image/') && mediaType !== 'image/svg+xml'

/** Draws it small, once; null where that is not possible. */
export async function makePreview(upload: string, blob: Blob): Promise<Preview | null> {
  const held = usePreviews.getState().all[upload]
  if (held !== undefined) return held
  const made = await draw(blob).catch(() => null)
  usePreviews.setState(({ all }) => ({ all: { ...all, [upload]: made } }))
  return made
}

export function dropPreview(upload: string): void {
  const { [upload]: gone, ...all } = usePreviews.getState().all
  if (gone === undefined) return
  if (gone) URL.revokeObjectURL(gone.url)
  usePreviews.setState({ all })
}

async function draw(blob: Blob): Promise<Preview> {
  const whole = await createImageBitmap(blob)
  const { width, height } = whole
  const scale = Math.min(1, LONGEST / Math.max(width, height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(width * scale))
  canvas.height = Math.max(1, Math.round(height * scale))
  canvas.getContext('2d')?.drawImage(whole, 0, 0, canvas.width, canvas.height)
  whole.close()
  const small = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/webp'))
  if (!small) throw new Error('nothing was drawn')
  return { url: URL.createObjectURL(small), width, height }
}
