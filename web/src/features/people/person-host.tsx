import { later } from '@/lib/later'
import { openPerson, usePersonCard } from '@/lib/person-card'

const PersonDialog = later(async () => (await import('./person-dialog')).PersonDialog)

/** Somebody's card, drawn where nothing scrolls it away. */
export function PersonHost() {
  const accountId = usePersonCard((state) => state.accountId)
  if (accountId === null) return null
  return <PersonDialog key={accountId} accountId={accountId} onClose={() => openPerson(null)} />
}
