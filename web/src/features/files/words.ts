import { errorText } from '@/i18n/errors'
import { formatNumber, formatSize } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import type { Attached, Upload, UploadError } from '@/lib/uploads'
import type { File } from '@/wire/files'

/** Why a file cannot go, and what to do about it. */
export function uploadErrorText(error: UploadError | null): string {
  const { code = 'unknown', left = null, retry_after = null } = error ?? {}
  if (code === 'too_large')
    return left === null ? m.files_too_large() : m.files_too_large_for({ size: formatSize(left) })
  if (code === 'quota_exceeded')
    return left === null ? m.files_quota() : m.files_quota_left({ size: formatSize(left) })
  return errorText({ code, message: m.files_upload_failed(), retryAfter: retry_after })
}

/** Under a tile: what is happening to it, else how large it is. */
export function tileText(file: Attached, upload: Upload | undefined): string {
  const size = formatSize(file.size)
  if (file.file_id !== null) return size
  if (!upload) return m.files_waiting()
  if (upload.state === 'done') return m.files_checking()
  if (upload.state === 'failed') return m.files_failed()
  if (upload.state === 'paused') return m.files_paused()
  if (upload.state === 'waiting') return m.files_waiting()
  return upload.speed === null
    ? m.files_sent_of({ sent: formatSize(upload.sent), size })
    : m.files_speed({ speed: formatSize(upload.speed) })
}

export const percent = (part: number) =>
  formatNumber(part, { style: 'percent', maximumFractionDigits: 0 })

/** What is to be said of a file beside its size; null where all is well. */
export function stateText(file: Pick<File, 'state' | 'scan'>): string | null {
  if (file.state === 'checking') return m.files_checking()
  if (file.state === 'infected') return m.files_infected()
  if (file.state === 'failed') return m.files_damaged()
  return file.scan === 'not_scanned' ? m.files_not_scanned() : null
}
