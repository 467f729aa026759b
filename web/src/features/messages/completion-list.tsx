import { cx } from '@/lib/class-names'
import type { CompletionBox } from './use-completion-box'

export function CompletionList({
  box,
  onTake,
}: {
  box: CompletionBox
  onTake: (index: number) => void
}) {
  return (
    <div
      id={box.listId}
      role="listbox"
      aria-label={box.label}
      className="absolute inset-x-0 bottom-full z-20 mb-2 max-h-96 max-w-sm overflow-y-auto rounded-control border border-line bg-glass p-1 shadow-mid backdrop-blur-md"
    >
      {box.options.map((option, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the composer has the keys
        // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the composer
        <div
          key={option.id}
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
          {option.icon}
          <span className="truncate" dir="auto">
            {option.label}
          </span>
          {option.detail && <span className="truncate text-small text-muted">{option.detail}</span>}
        </div>
      ))}
    </div>
  )
}
