import { http } from '@/lib/http'
import type {
  Bot,
  BotList,
  DeliveryList,
  MakeBot,
  MakeOutgoing,
  MakeToken,
  NewIncoming,
  NewOutgoing,
  NewToken,
  OutgoingWebhook,
  WebhookList,
} from '@/wire/integrations'

/** Whose webhooks: a room's, or with null the server's own. */
export type Place = string | null

export const webhooksKey = (place: Place) => ['webhooks', place ?? 'server']

/** Milliseconds. What a receiver answers is in no log that clients follow. */
export const LOOKS_AGAIN = 15_000

export const webhooks = (place: Place) =>
  http<WebhookList>('GET', 'webhooks', { query: { room_id: place } })

export const makeIncoming = (roomId: string, name: string) =>
  http<NewIncoming>('POST', `rooms/${roomId}/incoming-webhooks`, { body: { name } })

export const removeIncoming = (roomId: string, id: string) =>
  http<void>('DELETE', `rooms/${roomId}/incoming-webhooks/${id}`)

export const makeOutgoing = (place: Place, body: MakeOutgoing) =>
  http<NewOutgoing>('POST', 'webhooks', { body, query: { room_id: place } })

export const removeOutgoing = (place: Place, id: string) =>
  http<void>('DELETE', `webhooks/${id}`, { query: { room_id: place } })

export const newSecret = (place: Place, id: string) =>
  http<NewOutgoing>('POST', `webhooks/${id}/secret`, { query: { room_id: place } })

export const enable = (place: Place, id: string) =>
  http<OutgoingWebhook>('POST', `webhooks/${id}/enable`, { query: { room_id: place } })

export const deliveries = (place: Place, id: string, cursor: string | null) =>
  http<DeliveryList>('GET', `webhooks/${id}/deliveries`, { query: { room_id: place, cursor } })

export const redeliver = (place: Place, id: string, deliveryId: string) =>
  http<void>('POST', `webhooks/${id}/deliveries/${deliveryId}/redeliver`, {
    query: { room_id: place },
  })

export const botsKey = ['bots']

export const bots = () => http<BotList>('GET', 'bots')

export const makeBot = (body: MakeBot) => http<Bot>('POST', 'bots', { body })

export const retireBot = (id: string) => http<void>('DELETE', `bots/${id}`)

export const makeToken = (botId: string, body: MakeToken) =>
  http<NewToken>('POST', `bots/${botId}/tokens`, { body })

export const revokeToken = (botId: string, id: string) =>
  http<void>('DELETE', `bots/${botId}/tokens/${id}`)
