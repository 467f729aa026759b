import { MessagesSquareIcon } from 'lucide-react'
import { m } from '@/i18n/paraglide/messages.js'
import type { RowAction, RowPart } from '@/lib/row-parts'

/** `t` on a row, and a button: opens the thread, or begins one. */
export const threadActions =
  (open: (roomId: string, rootId: string) => void) =>
  ({ message, rights, threadId }: RowPart): readonly RowAction[] => {
    if (threadId !== null || message.body.kind === 'system') return []
    const there = message.thread !== null || message.thread_summary !== null
    if (!there && (message.body.kind === 'deleted' || !rights.reply)) return []
    return [
      {
        id: 'thread',
        label: there ? m.threads_open() : m.threads_reply(),
        icon: <MessagesSquareIcon aria-hidden="true" />,
        run: () => open(message.room_id, message.thread ?? message.id),
        quick: true,
        key: 't',
      },
    ]
  }
