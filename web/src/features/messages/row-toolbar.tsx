import { EllipsisIcon, PencilIcon, ReplyIcon, Trash2Icon } from 'lucide-react'
import { m } from '@/i18n/paraglide/messages.js'
import { IconButton } from '@/ui/IconButton'
import { Menu } from '@/ui/Menu'
import { menuOf } from './action-menu'
import type { MessageActions } from './actions'

/** Appears over the row's top edge, so that it never covers its text. */
export function RowToolbar({ actions, isText }: { actions: MessageActions; isText: boolean }) {
  return (
    <div
      role="toolbar"
      aria-label={m.messages_actions()}
      onKeyDown={moveWithin}
      className="absolute end-4 -top-4 z-10 flex rounded-control border border-line bg-raised p-0.5 shadow-low"
    >
      {actions.more.map(
        (one) =>
          one.quick && (
            <IconButton
              key={one.id}
              size="small"
              label={one.label}
              icon={one.icon}
              onClick={one.run}
            />
          ),
      )}
      {actions.canReply && (
        <IconButton
          size="small"
          label={m.messages_reply()}
          icon={<ReplyIcon aria-hidden="true" />}
          onClick={actions.reply}
        />
      )}
      {actions.canEdit && (
        <IconButton
          size="small"
          label={m.messages_edit()}
          icon={<PencilIcon aria-hidden="true" />}
          onClick={actions.edit}
        />
      )}
      {actions.canDelete && (
        <IconButton
          size="small"
          label={m.messages_delete()}
          icon={<Trash2Icon aria-hidden="true" />}
          onClick={actions.remove}
        />
      )}
      <Menu items={menuOf(actions, isText)}>
        <IconButton
          size="small"
          label={m.messages_more()}
          icon={<EllipsisIcon aria-hidden="true" />}
        />
      </Menu>
    </div>
  )
}

/** Arrows walk the buttons; ← before the first one leads back to the message. */
function moveWithin(event: React.KeyboardEvent<HTMLElement>): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
  if (!step) return
  const buttons = [...event.currentTarget.querySelectorAll('button')]
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement)
  if (at < 0) return
  event.preventDefault()
  event.stopPropagation()
  if (at + step < 0) event.currentTarget.closest<HTMLElement>('article')?.focus()
  else buttons[Math.min(at + step, buttons.length - 1)]?.focus()
}
