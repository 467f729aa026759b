import type { Attached, Upload } from '@/lib/uploads'

/** As many as one message takes: the server's `SendMessage.files`. */
export const MOST_FILES = 10

/** Of what was dropped, as many as still fit, and how many did not. */
export function fitting<Thing>(
  held: number,
  coming: readonly Thing[],
): { taken: readonly Thing[]; left: number } {
  const taken = coming.slice(0, Math.max(0, MOST_FILES - held))
  return { taken, left: coming.length - taken.length }
}

/** The same files with one in another place; `to` beyond an end is that end. */
export function moved(files: readonly Attached[], upload: string, to: number): readonly Attached[] {
  const from = files.findIndex((file) => file.upload === upload)
  const file = files[from]
  if (!file) return files
  const at = Math.min(files.length - 1, Math.max(0, to))
  return at === from ? files : files.toSpliced(from, 1).toSpliced(at, 0, file)
}

export const without = (files: readonly Attached[], upload: string): readonly Attached[] =>
  files.filter((file) => file.upload !== upload)

/** What a tile or a row says of all its files together. */
export interface Progress {
  /** Files that the server does not have yet. */
  waiting: number
  /** From 0 to 1, by bytes. */
  part: number
  /** Bytes a second; null where nothing runs. */
  speed: number | null
  failed: readonly Upload[]
  paused: boolean
}

export function progressOf(
  files: readonly Attached[],
  all: Readonly<Record<string, Upload>>,
): Progress {
  let [size, sent, speed, waiting] = [0, 0, 0, 0]
  let paused = false
  const failed: Upload[] = []
  for (const file of files) {
    const upload = all[file.upload]
    const whole = file.file_id !== null || upload?.state === 'done'
    size += file.size
    sent += whole ? file.size : (upload?.sent ?? 0)
    if (whole) continue
    waiting++
    speed += upload?.speed ?? 0
    paused ||= upload?.state === 'paused'
    if (upload?.state === 'failed') failed.push(upload)
  }
  const part = size === 0 ? (waiting === 0 ? 1 : 0) : Math.min(1, sent / size)
  return { waiting, part, speed: speed || null, failed, paused }
}
