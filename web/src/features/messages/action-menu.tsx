import { CopyIcon, LinkIcon, ListChecksIcon, PencilIcon, ReplyIcon, Trash2Icon } from 'lucide-react'
import { m } from '@/i18n/paraglide/messages.js'
import type { MenuItem, MenuItems } from '@/ui/Menu'
import type { MessageActions } from './actions'

/** The same list for the button, the right click, the long press and Shift+F10. */
export function menuOf(actions: MessageActions, isText: boolean): MenuItems {
  const items: (MenuItem | null)[] = []
  if (actions.canReply) {
    items.push({
      id: 'reply',
      label: m.messages_reply(),
      icon: <ReplyIcon aria-hidden="true" />,
      run: actions.reply,
    })
  }
  if (actions.canEdit) {
    items.push({
      id: 'edit',
      label: m.messages_edit(),
      icon: <PencilIcon aria-hidden="true" />,
      run: actions.edit,
    })
  }
  items.push(...actions.more.filter((one) => !one.danger && one.quick !== 'only'))
  if (items.length > 0) items.push(null)
  if (isText) {
    items.push({
      id: 'copy',
      label: m.messages_copy_text(),
      icon: <CopyIcon aria-hidden="true" />,
      run: () => void actions.copyText(),
    })
  }
  items.push({
    id: 'link',
    label: m.messages_copy_link(),
    icon: <LinkIcon aria-hidden="true" />,
    run: () => void actions.copyLink(),
  })
  items.push({
    id: 'choose',
    label: m.messages_choose(),
    icon: <ListChecksIcon aria-hidden="true" />,
    run: actions.choose,
  })
  const dangers = actions.more.filter((one) => one.danger)
  if (actions.canDelete || dangers.length > 0) items.push(null, ...dangers)
  if (actions.canDelete) {
    items.push({
      id: 'delete',
      label: m.messages_delete(),
      icon: <Trash2Icon aria-hidden="true" />,
      danger: true,
      run: actions.remove,
    })
  }
  return items
}
