import { draftOf } from '@/sync/drafts'
import type { State } from '@/sync/state'

/** The places of all drafts that count, those of rooms I am in. */
export function draftIds(state: Pick<State, 'drafts' | 'own' | 'rooms'>): string[] {
  const ids = new Set([...Object.keys(state.drafts), ...state.own.drafts.map((one) => one.id)])
  return [...ids].filter((id) => {
    const draft = draftOf(state, id)
    return draft !== null && state.rooms[draft.room_id] !== undefined
  })
}
