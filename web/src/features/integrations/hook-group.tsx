import { type ReactNode, useId } from 'react'

interface HookGroupProps {
  title: string
  hint: string
  /** Said where there are no rows. */
  none: string
  rows: readonly ReactNode[]
  /** What makes another one, and the dialogs. */
  children: ReactNode
}

/** Webhooks of one direction under their heading. */
export function HookGroup({ title, hint, none, rows, children }: HookGroupProps) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="flex flex-col gap-2">
      <div>
        <h4 id={id} className="font-semibold">
          {title}
        </h4>
        <p className="text-small text-muted">{hint}</p>
      </div>
      {rows.length === 0 ? (
        <p className="text-small text-faint">{none}</p>
      ) : (
        <ul className="divide-y divide-line border-y border-line">{rows}</ul>
      )}
      {children}
    </section>
  )
}
