import { m } from '@/i18n/paraglide/messages.js'
import { Popover } from '@/ui/Popover'
import type { TimelineMessage } from '@/wire/timeline'
import { Picker } from './picker'
import { useReactionTools } from './reactions-context'

/** The picker beside a message. */
export function ReactionPicker({
  message,
  at,
  close,
}: {
  message: TimelineMessage
  at: DOMRect
  close: () => void
}) {
  const { reacting } = useReactionTools()
  return (
    <Popover
      open
      onOpenChange={(open) => !open && close()}
      label={m.reactions_add()}
      align="end"
      trigger={
        <span
          aria-hidden="true"
          className="pointer-events-none fixed size-px"
          style={{ left: Math.max(0, at.right - 24), top: Math.max(0, at.top) }}
        />
      }
    >
      <Picker
        onPick={(emoji) => {
          close()
          void reacting.set(message, emoji, true)
        }}
      />
    </Popover>
  )
}
