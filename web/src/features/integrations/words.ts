import { fieldErrorText } from '@/i18n/errors'
import { formatDate, formatRelative } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { ApiError } from '@/lib/http'
import type { Delivery, DeliveryState, HookEvent, OutgoingWebhook } from '@/wire/integrations'

/** In the order people think of them. */
export const eventLabels: Record<HookEvent, () => string> = {
  'message.sent': m.hooks_event_message_sent,
  'message.edited': m.hooks_event_message_edited,
  'message.deleted': m.hooks_event_message_deleted,
  'reaction.changed': m.hooks_event_reaction_changed,
  'member.joined': m.hooks_event_member_joined,
  'member.left': m.hooks_event_member_left,
  'room.changed': m.hooks_event_room_changed,
}

export const hookEvents = Object.keys(eventLabels) as HookEvent[]

/** A later server may deliver what this build has no words for. */
export const eventText = (type: string): string => eventLabels[type as HookEvent]?.() ?? type

export const stateLabels: Record<DeliveryState, () => string> = {
  delivered: m.hooks_delivered,
  waiting: m.hooks_waiting,
  failed: m.hooks_not_delivered,
}

/** What an address is called on the screen: the rest of it may be a secret of the receiver's. */
export function hostOf(url: string): string {
  try {
    return new URL(url).host
  } catch {
    return url
  }
}

export type HookState = 'on' | 'failing' | 'off'

export const stateOf = (hook: OutgoingWebhook): HookState =>
  hook.disabled_at ? 'off' : hook.failing_since ? 'failing' : 'on'

/** How a webhook does, in a line. */
export function stateText(hook: OutgoingWebhook, now: Date): string {
  if (hook.disabled_at) {
    const when = formatRelative(hook.disabled_at, now)
    return hook.disabled_reason === 'gone'
      ? m.hooks_off_gone({ when })
      : m.hooks_off_failing({ when })
  }
  if (hook.failing_since) {
    const when = formatDate(hook.failing_since, { dateStyle: 'medium', timeStyle: 'short' })
    return m.hooks_failing({ when })
  }
  return m.hooks_on()
}

/** How often it was tried and what came of the last time. */
export function deliveryText(delivery: Delivery): string {
  const { attempts, status, milliseconds, error } = delivery
  const facts: string[] = [m.hooks_tries({ count: attempts })]
  if (status !== null) facts.push(m.hooks_answered({ status }))
  if (attempts > 0 && milliseconds !== null) facts.push(m.hooks_took({ milliseconds }))
  if (error) facts.push(error)
  return facts.join(' · ')
}

/** In single quotes a shell leaves everything alone but a single quote. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`

/** Says something by an incoming webhook. */
export const sayingCommand = (url: string, text: string): string =>
  `curl -H 'Content-Type: application/json' -d ${quoted(JSON.stringify({ text }))} ${quoted(url)}`

/** Asks with a token who it is. */
export const askingCommand = (origin: string, token: string): string =>
  `curl -H ${quoted(`Authorization: Bearer ${token}`)} ${quoted(`${origin}/api/v1/me`)}`

/** What is wrong with one field, by a refusal; undefined where it is about something else. */
export function wrongField(error: unknown, field: string): string | undefined {
  if (!(error instanceof ApiError)) return undefined
  const found = error.errors.find((one) => one.field === field)
  if (!found) return undefined
  return found.code === 'not_allowed' ? m.hooks_url_wrong() : fieldErrorText(found)
}
