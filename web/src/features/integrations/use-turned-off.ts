import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useEngine } from '@/sync/react'
import type { Facts } from '@/wire/events'
import { type Place, webhooksKey } from './api'

/** Asks for the webhooks of a place again once one of them was turned off (protocol I4). */
export function useTurnedOff(place: Place): void {
  const engine = useEngine()
  const queries = useQueryClient()
  useEffect(
    () =>
      engine.onFact((event) => {
        if (!isAbout(place, event)) return
        void queries.invalidateQueries({ queryKey: webhooksKey(place) })
      }),
    [engine, queries, place],
  )
}

function isAbout(place: Place, { type, data }: { type: string; data: unknown }): boolean {
  if (place === null) return type === 'webhook.disabled'
  if (type !== 'message.sent') return false
  const { message } = data as Facts['message.sent']
  const { body } = message
  return message.room_id === place && body.kind === 'system' && body.event === 'webhook.disabled'
}
