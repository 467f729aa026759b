import { http } from '@/lib/http'
import type { AuditTrail, Decide, FileReport, Report, ReportList } from '@/wire/moderation'

export type Which = 'open' | 'decided'

const of = (roomId: string | null, what: string) =>
  roomId === null ? what : `rooms/${roomId}/${what}`

export const fileReport = (body: FileReport) => http<Report>('POST', 'reports', { body })

/** Of a room, or (null) of the whole server. */
export const reports = (roomId: string | null, which: Which, cursor: string | null) =>
  http<ReportList>('GET', of(roomId, 'reports'), { query: { which, cursor } })

export const decide = (reportId: string, body: Decide) =>
  http<Report>('POST', `reports/${reportId}/decision`, { body })

/** Of a room, or (null) of the whole server. */
export const audit = (roomId: string | null, cursor: string | null) =>
  http<AuditTrail>('GET', of(roomId, 'audit'), { query: { cursor } })

export const removeMessage = (roomId: string, messageId: string, reason: string) =>
  http<unknown>('DELETE', `rooms/${roomId}/messages/${messageId}`, { query: { reason } })
