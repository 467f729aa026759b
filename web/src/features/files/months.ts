import { formatDate } from '@/i18n/format'
import type { RoomFile } from '@/wire/media'

/** Files by the month they were sent in, as `2026-11`, in the order they came. */
export function byMonth(files: readonly RoomFile[]): [month: string, files: RoomFile[]][] {
  return [...Map.groupBy(files, ({ sent_at }) => monthOf(new Date(sent_at)))]
}

const monthOf = (at: Date) => `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, '0')}`

export const monthTitle = (month: string): string =>
  formatDate(`${month}-15T12:00:00`, { month: 'long', year: 'numeric' })
