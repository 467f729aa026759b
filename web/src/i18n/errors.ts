import type { FieldError } from '@/wire/errors'
import { m } from './paraglide/messages.js'

/** What an error must tell to be put into words; `ApiError` and a socket ack's error both do. */
interface Refusal {
  code: string
  message: string
  retryAfter?: number | null
  requestId?: string | null
}

const sentences: Record<string, (refusal: Refusal) => string> = {
  invalid: m.error_invalid,
  unauthenticated: m.error_unauthenticated,
  token_expired: m.error_token_expired,
  wrong_credentials: m.error_wrong_credentials,
  forbidden: m.error_forbidden,
  csrf: m.error_csrf,
  insufficient_scope: m.error_insufficient_scope,
  registration_closed: m.error_registration_closed,
  banned: m.error_banned,
  not_found: m.error_not_found,
  invite_invalid: m.error_invite_invalid,
  conflict: m.error_conflict,
  username_taken: m.error_username_taken,
  emoji_taken: m.error_emoji_taken,
  last_owner: m.error_last_owner,
  archived: m.error_archived,
  unreachable: m.error_unreachable,
  too_large: m.error_too_large,
  too_many: m.error_too_many,
  too_many_uploads: m.error_too_many,
  quota_exceeded: m.error_quota,
  rate_limited: ({ retryAfter }) =>
    retryAfter
      ? m.error_rate_limited_for({ seconds: Math.ceil(retryAfter) })
      : m.error_rate_limited(),
  slow_mode: ({ retryAfter }) => m.error_slow_mode({ seconds: Math.ceil(retryAfter ?? 1) }),
  timed_out: ({ retryAfter }) =>
    m.error_timed_out({ minutes: Math.max(1, Math.ceil((retryAfter ?? 60) / 60)) }),
  internal: ({ requestId }) => m.error_internal({ request_id: requestId ?? '—' }),
  method_not_allowed: m.error_misunderstood,
  unsupported_media_type: m.error_misunderstood,
  tus_version: m.error_misunderstood,
  range_not_satisfiable: m.error_misunderstood,
  precondition_failed: m.error_conflict,
  offset_mismatch: m.error_conflict,
  locked: m.error_unavailable,
  checksum_mismatch: m.error_unavailable,
  gone: m.error_not_found,
  storage_full: m.error_storage_full,
  storage_unavailable: m.error_unavailable,
  direct_unavailable: m.error_unavailable,
  busy: m.error_unavailable,
  unavailable: m.error_unavailable,
  network: m.error_network,
}

/** A sentence for a person: by the stable code, else what the server said, else a plain one. */
export function errorText(error: unknown): string {
  if (!isRefusal(error)) return m.error_unknown()
  const say = sentences[error.code]
  return say ? say(error) : error.message || m.error_unknown()
}

const fieldSentences: Record<string, () => string> = {
  missing: m.field_required,
  reserved: m.field_reserved,
  password_has_name: m.field_password_has_name,
  password_common: m.field_password_common,
  password_pattern: m.field_password_pattern,
  too_short: m.field_needs_visible,
  too_long: m.field_too_long_plain,
  pattern: m.field_invalid,
  invalid: m.field_invalid,
  wrong_password: m.field_wrong_password,
  username_taken: m.error_username_taken,
}

/** One field's error, by its code, else in the server's own words. */
export function fieldErrorText(error: FieldError): string {
  return fieldSentences[error.code]?.() ?? error.message
}

/** The codes that have a sentence of ours; a test holds them against the server's list. */
export const knownCodes = Object.keys(sentences)

function isRefusal(error: unknown): error is Refusal {
  return typeof error === 'object' && error !== null && 'code' in error && 'message' in error
}
