import { m } from '@/i18n/paraglide/messages.js'
import { copyText } from '@/lib/clipboard'
import type { RowAction, RowParts } from '@/lib/row-parts'
import type { Held } from '@/sync/beside'
import type { Engine } from '@/sync/engine'
import { UNDO_MS } from '@/sync/words'
import { toast } from '@/ui/toasts'
import { choose, mayWrite, type Pane } from './pane-store'
import { rowKey } from './rows'

/** What a person may do to one message, once for buttons, menus and keys alike. */
export interface MessageActions {
  canReply: boolean
  canEdit: boolean
  canDelete: boolean
  reply(): void
  edit(): void
  remove(): void
  copyText(): Promise<void>
  copyLink(): Promise<void>
  /** Begins to choose several, this one first. */
  choose(): void
  /** What other features offer. */
  more: readonly RowAction[]
}

export function actionsOn(
  message: Held,
  pane: Pane,
  engine: Engine,
  parts: RowParts,
): MessageActions {
  const { rights } = pane
  const isMine = message.author_id === pane.myId
  const { kind } = message.body
  const isSaid = kind === 'text' || kind === 'files'
  const key = rowKey(message.author_id, message.client_id)
  return {
    canReply: mayWrite(pane) && message.body.kind !== 'deleted' && message.body.kind !== 'system',
    canEdit: rights.edit && isMine && isSaid,
    canDelete: isSaid && (isMine ? rights.delete : rights.delete_any),
    reply: () => {
      pane.store.setState({ replyTo: message.id, editing: null })
      pane.composer.current?.focus()
    },
    edit: () => pane.store.setState({ editing: key }),
    remove: () => {
      const id = engine.words.remove(pane.roomId, message.id)
      toast(m.messages_deleted(), {
        lasts: UNDO_MS,
        action: { label: m.ui_undo(), run: () => engine.words.discard(id) },
      })
    },
    choose: () => choose(pane, message.id),
    more: parts.actions.flatMap((ask) =>
      ask({ message, myId: pane.myId, rights: pane.rights, threadId: pane.threadId }),
    ),
    copyText: async () => {
      if (!textOf(message)) return
      await copyText(textOf(message))
      toast(m.messages_text_copied())
    },
    copyLink: async () => {
      const place = message.in_room
        ? `at=${message.seq}`
        : `panel=${encodeURIComponent(`thread:${message.thread}:${message.seq}`)}`
      await copyText(`${location.origin}/rooms/${message.room_id}?${place}`)
      toast(m.messages_link_copied())
    },
  }
}

/** What somebody wrote, be it the caption of files; empty where there is none. */
export const textOf = ({ body }: Held): string =>
  body.kind === 'text' || body.kind === 'files' ? body.text : ''

/** Notes and tombstones are only looked at. */
export const offersMore = (message: Held) =>
  message.body.kind !== 'deleted' && message.body.kind !== 'system'
