/** As large as the server keeps a picture. */
const SIDE = 256

/**
 * The middle of a picture as a small square, in base64: what a camera makes is far larger than what
 * the server takes. Throws where the browser cannot read the file.
 */
export async function smallSquare(file: Blob): Promise<string> {
  const bitmap = await createImageBitmap(file)
  const side = Math.min(bitmap.width, bitmap.height)
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = SIDE
  const left = (bitmap.width - side) / 2
  const top = (bitmap.height - side) / 2
  canvas.getContext('2d')?.drawImage(bitmap, left, top, side, side, 0, 0, SIDE, SIDE)
  bitmap.close()
  return canvas.toDataURL('image/webp', 0.9).split(',')[1] ?? ''
}
