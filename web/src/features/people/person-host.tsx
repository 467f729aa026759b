import { later } from '@/lib/later'
import { closeCard, usePersonCard } from '@/lib/person-card'

const PersonDialog = later(async () => (await import('./person-dialog')).PersonDialog)
const GroupCard = later(async () => (await import('./group-card')).GroupCard)

/** Somebody's card, or a group's, drawn where nothing scrolls it away. */
export function PersonHost() {
  const { accountId, groupId, anchor } = usePersonCard()
  if (groupId !== null)
    return <GroupCard key={groupId} groupId={groupId} anchor={anchor} onClose={closeCard} />
  if (accountId === null) return null
  return <PersonDialog key={accountId} accountId={accountId} anchor={anchor} onClose={closeCard} />
}
