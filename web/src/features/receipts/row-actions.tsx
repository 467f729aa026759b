import { CheckCheckIcon } from 'lucide-react'
import { m } from '@/i18n/paraglide/messages.js'
import type { RowAction, RowPart } from '@/lib/row-parts'

/** Who got it and who read it, of any message that is there. */
export const receiptActions =
  (openPanel: (roomId: string, panel: string) => void) =>
  ({ message }: RowPart): readonly RowAction[] =>
    message.body.kind === 'deleted' || message.body.kind === 'expired'
      ? []
      : [
          {
            id: 'receipts',
            label: m.receipts_info(),
            icon: <CheckCheckIcon aria-hidden="true" />,
            run: () => openPanel(message.room_id, `info:${message.id}`),
          },
        ]
