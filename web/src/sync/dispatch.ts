import type { Facts } from '@/wire/events'
import type { Event } from '@/wire/sync'
import type { Replica } from './state'

/** What a feature does with one type of fact: pure, total, and never throwing. */
export type Apply<Type extends keyof Facts> = (
  replica: Replica,
  event: Event<Type, Facts[Type]>,
) => Replica

/** A feature's share of the reducer: one function for each type of fact it understands. */
export type ApplyTable = { readonly [Type in keyof Facts]?: Apply<Type> }

/** One event to the feature that understands it. */
export type Dispatch = (replica: Replica, event: Event) => Replica

/** Puts the features' tables together. Two features may not claim one type. */
export function dispatchTo(...tables: readonly ApplyTable[]): Dispatch {
  const byType = new Map<string, (replica: Replica, event: Event) => Replica>()
  for (const table of tables) {
    for (const [type, apply] of Object.entries(table)) {
      if (byType.has(type)) throw new Error(`two features apply ${type}`)
      byType.set(type, apply as (replica: Replica, event: Event) => Replica)
    }
  }
  // E5: a type of a later server changes nothing here, but its `seq` was taken.
  return (replica, event) => byType.get(event.type)?.(replica, event) ?? replica
}
