/** Recordings of this visit that lie here: they sound before the server has looked at them. */

const KEPT = 20
const urls = new Map<string, string>()
const uploadOf = new Map<string, string>()

export function keepRecording(upload: string, blob: Blob): string {
  const known = urls.get(upload)
  if (known) return known
  const url = URL.createObjectURL(blob)
  urls.set(upload, url)
  const [oldest] = urls.keys()
  if (urls.size > KEPT && oldest !== undefined) {
    URL.revokeObjectURL(urls.get(oldest) ?? '')
    urls.delete(oldest)
  }
  return url
}

/** The file that an upload became. */
export const nameRecording = (upload: string, fileId: string): void => {
  uploadOf.set(fileId, upload)
}

export const urlOfUpload = (upload: string): string | null => urls.get(upload) ?? null

export const urlOfFile = (fileId: string): string | null => urlOfUpload(uploadOf.get(fileId) ?? '')
