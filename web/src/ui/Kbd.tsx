import { keyLabels } from '@/lib/shortcuts'

/** Keys as they are printed on this person's keyboard; `keys` as in the shortcut registry. */
export function Kbd({ keys }: { keys: string }) {
  return (
    <span className="inline-flex items-center gap-1 align-middle">
      {keyLabels(keys).map((label) => (
        <kbd
          key={label}
          className="min-w-6 rounded-small border border-b-2 border-line bg-sunken px-1.5 text-center font-sans text-caption text-muted"
        >
          {label}
        </kbd>
      ))}
    </span>
  )
}
