import { http } from '@/lib/http'
import type { AuditTrail, Decide, FileReport, Report, ReportList } from '@/wire/moderation'

export const fileReport = (body: FileReport) => http<Report>('POST', 'reports', { body })

export const reports = (roomId: string) => http<ReportList>('GET', `rooms/${roomId}/reports`)

export const decide = (reportId: string, body: Decide) =>
  http<Report>('POST', `reports/${reportId}/decision`, { body })

export const audit = (roomId: string, cursor: string | null) =>
  http<AuditTrail>('GET', `rooms/${roomId}/audit`, { query: { cursor } })

export const removeMessage = (roomId: string, messageId: string, reason: string) =>
  http<unknown>('DELETE', `rooms/${roomId}/messages/${messageId}`, { query: { reason } })
