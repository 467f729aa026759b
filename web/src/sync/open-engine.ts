import { http } from '@/lib/http'
import { refreshSession } from '@/lib/refresh'
import { wipe } from './disk'
import type { Tables } from './dispatch'
import { createEngine, type Engine } from './engine'
import { createKeeper } from './keeper'
import { lateWire } from './late-wire'
import { openWhispers, runForLeader } from './leader'
import { browserClock, type Rest } from './ports'

/** The engine with this browser's parts. `tables` are the features' shares of the reducer. */
export function openEngine(accountId: string, tables: Tables): Engine {
  return createEngine({
    wire: lateWire(
      async () => (await import('./socket')).openSocket(browserClock, rest.renew),
      browserClock,
    ),
    rest,
    clock: browserClock,
    tables,
    keeper: createKeeper(accountId, browserClock),
    elect: (won) => runForLeader(`tertulia.lead.${accountId}`, won),
    whispers: (heard) => openWhispers(`tertulia.words.${accountId}`, heard),
  })
}

/** Leaves nothing of an account on this machine. Stop its engine first. */
export const forgetAccount = wipe

const rest: Rest = {
  sync: (since) => http('GET', 'sync', { query: { since } }),
  room: (roomId) => http('GET', `rooms/${roomId}`),
  roomEvents: (roomId, after) => http('GET', `rooms/${roomId}/events`, { query: { after } }),
  myEvents: (after) => http('GET', 'me/events', { query: { after } }),
  page: (roomId, anchor) =>
    http('GET', `rooms/${roomId}/messages`, { query: 'newest' in anchor ? {} : anchor }),
  thread: (roomId, rootId, anchor) =>
    http('GET', `rooms/${roomId}/messages/${rootId}/thread`, {
      query: 'newest' in anchor ? {} : anchor,
    }),
  message: (roomId, messageId) => http('GET', `rooms/${roomId}/messages/${messageId}`),
  person: (accountId) => http('GET', `people/${accountId}`),
  renew: () => refreshSession(),
}
