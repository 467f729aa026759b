import { thumbHashToDataURL } from 'thumbhash'

/** What a picture will look like, as an address; null where that is not known or not right. */
export function placeholderUrl(hash: string | null | undefined): string | null {
  if (!hash) return null
  try {
    return thumbHashToDataURL(Uint8Array.from(atob(hash), (letter) => letter.charCodeAt(0)))
  } catch {
    return null
  }
}
