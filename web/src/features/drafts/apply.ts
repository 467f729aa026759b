import type { ApplyTable } from '@/sync/dispatch'

/** R11: what the server holds of my drafts. */
export const draftsApply: ApplyTable = {
  'draft.changed': (replica, { data: { id, draft } }) => {
    const others = replica.own.drafts.filter((held) => held.id !== id)
    return { ...replica, own: { ...replica.own, drafts: draft ? [draft, ...others] : others } }
  },
}
