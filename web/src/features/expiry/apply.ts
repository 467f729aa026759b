import type { ApplyTable } from '@/sync/dispatch'
import { dropMessages } from '@/sync/gone'
import { roomOf } from '@/sync/reducer'

/** R10: their time was up. */
export const expiryApply: ApplyTable = {
  'message.expired': (replica, { stream, data: { seqs } }) =>
    dropMessages(replica, roomOf(stream) ?? '', seqs),
}
