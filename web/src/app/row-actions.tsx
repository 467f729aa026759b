import { reactionActions } from '@/features/emoji/row-actions'
import { filesActions } from '@/features/files/row-actions'
import { forwardActions, forwardMany } from '@/features/forwards/actions'
import { hideActions, hideMany } from '@/features/hidden/hide'
import { lifeActions } from '@/features/moderation/row-actions'
import { personActions } from '@/features/people/row-actions'
import { pinActions } from '@/features/pins/pin-actions'
import { receiptActions } from '@/features/receipts/row-actions'
import { remindActions } from '@/features/scheduled/remind-action'
import { starActions, starMany } from '@/features/stars/actions'
import { threadActions } from '@/features/threads/row-actions'
import type { RowParts } from '@/lib/row-parts'
import type { Engine } from '@/sync/engine'
import type { EmojiParts } from './emoji-parts'

/** What may be done with a message: nobody needs it to read one, so it is fetched after that. */
export const rowActions = (
  { tools }: EmojiParts,
  engine: Engine,
  openPanel: (roomId: string, panel: string) => void,
): RowParts['actions'] => [
  reactionActions(tools),
  pinActions(engine),
  filesActions(openPanel),
  lifeActions(engine),
  threadActions((roomId, rootId) => openPanel(roomId, `thread:${rootId}`)),
  forwardActions,
  starActions,
  remindActions,
  hideActions,
  receiptActions(openPanel),
  personActions(engine),
]

/** The same for several at once. */
export const manyActions: RowParts['many'] = () => [forwardMany(), starMany(), hideMany()]
