import { ContactRoundIcon } from 'lucide-react'
import { m } from '@/i18n/paraglide/messages.js'
import { openPerson } from '@/lib/person-card'
import type { RowAction, RowPart } from '@/lib/row-parts'
import type { Engine } from '@/sync/engine'

/** The author's card, for those who do not point at the name. */
export const personActions =
  (engine: Engine) =>
  ({ message, myId }: RowPart): readonly RowAction[] => {
    const author = engine.store.getState().people[message.author_id]
    if (!author || author.id === myId) return []
    return [
      {
        id: 'person',
        label: m.people_open({ name: author.display_name }),
        icon: <ContactRoundIcon aria-hidden="true" />,
        run: () => openPerson(author.id),
      },
    ]
  }
