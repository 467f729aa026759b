import type { Facts } from '@/wire/events'
import type { Event } from '@/wire/sync'
import { type BesideReducer, type BesideTable, besideAll } from './beside'
import type { Replica } from './state'

/** What a feature does with one type of fact: pure, total, and never throwing. */
export type Apply<Type extends keyof Facts> = (
  replica: Replica,
  event: Event<Type, Facts[Type]>,
) => Replica

/** A feature's share of the reducer: one function for each type of fact it understands. */
export type ApplyTable = { readonly [Type in keyof Facts]?: Apply<Type> }

/** Every feature's share of what events do. */
export interface Tables {
  apply: readonly ApplyTable[]
  beside: readonly BesideTable[]
}

/** One event to the feature that understands it, and to the messages it stands beside. */
export interface Dispatch {
  apply(replica: Replica, event: Event): Replica
  beside: BesideReducer
}

/** Puts the features' tables together. Two features may not claim one type. */
export function dispatchTo({ apply, beside }: Tables): Dispatch {
  const byType = new Map<string, (replica: Replica, event: Event) => Replica>()
  for (const table of apply) {
    for (const [type, one] of Object.entries(table)) {
      if (byType.has(type)) throw new Error(`two features apply ${type}`)
      byType.set(type, one as (replica: Replica, event: Event) => Replica)
    }
  }
  return {
    // E5: a type of a later server changes nothing here, but its `seq` was taken.
    apply: (replica, event) => byType.get(event.type)?.(replica, event) ?? replica,
    beside: besideAll(beside),
  }
}
