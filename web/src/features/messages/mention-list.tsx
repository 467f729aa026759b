import { m } from '@/i18n/paraglide/messages.js'
import { cx } from '@/lib/class-names'
import { Avatar } from '@/ui/Avatar'
import type { MentionBox } from './use-mention-box'

export function MentionList({ box, onTake }: { box: MentionBox; onTake: (index: number) => void }) {
  return (
    <div
      id={box.listId}
      role="listbox"
      aria-label={m.messages_mention_people()}
      className="absolute inset-x-0 bottom-full z-20 mb-2 max-h-72 max-w-sm overflow-y-auto rounded-control border border-line bg-glass p-1 shadow-mid backdrop-blur-md"
    >
      {box.people.map((person, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the composer has the keys
        // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the composer
        <div
          key={person.id}
          id={box.optionId(index)}
          role="option"
          aria-selected={index === box.active}
          // A press must not take the focus out of the composer.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onTake(index)}
          className={cx(
            'flex min-h-10 cursor-pointer items-center gap-2.5 rounded-small px-2',
            index === box.active && 'bg-hover',
          )}
        >
          <Avatar size="small" name={person.display_name} hue={person.hue} />
          <span className="truncate" dir="auto">
            {person.display_name}
          </span>
          <span className="truncate text-small text-muted">@{person.username}</span>
        </div>
      ))}
    </div>
  )
}
