import { FlagIcon, MailIcon, ShieldXIcon } from 'lucide-react'
import { m } from '@/i18n/paraglide/messages.js'
import { askReport } from '@/lib/reporting'
import type { RowAction, RowParts } from '@/lib/row-parts'
import type { Engine } from '@/sync/engine'
import { askRemove } from './questions'

type Ask = RowParts['actions'][number]

/** Mark unread from here, report, remove with a reason. */
export const lifeActions =
  (engine: Engine): Ask =>
  ({ message, myId, threadId }): readonly RowAction[] => {
    const { room_id: roomId, id: messageId } = message
    const role = engine.store.getState().rooms[roomId]?.me.role
    const others = message.author_id !== myId
    const moderates = role === 'owner' || role === 'moderator'
    const actions: RowAction[] = []
    if (threadId === null) {
      actions.push({
        id: 'unread',
        label: m.life_unread_from_here(),
        icon: <MailIcon aria-hidden="true" />,
        key: 'u',
        run: () => void engine.markUnread(roomId, message.seq),
      })
    }
    if (others) {
      actions.push({
        id: 'report',
        label: m.life_report(),
        icon: <FlagIcon aria-hidden="true" />,
        danger: true,
        run: () => askReport({ roomId, messageId }),
      })
    }
    if (others && moderates) {
      actions.push({
        id: 'remove',
        label: m.life_remove(),
        icon: <ShieldXIcon aria-hidden="true" />,
        danger: true,
        run: () => askRemove({ roomId, messageId }),
      })
    }
    return actions
  }
