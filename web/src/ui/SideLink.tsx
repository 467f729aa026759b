import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

/** A line at the top of the room list that opens a page of its own. */
export function SideLink(props: { view: string; icon: ReactNode; label: string; count?: number }) {
  return (
    <Link
      to="/rooms/view/$view"
      params={{ view: props.view }}
      className="mx-2 flex min-h-(--row) items-center gap-2.5 rounded-control px-2 text-muted transition-colors hover:bg-hover aria-[current=page]:bg-pressed aria-[current=page]:text-ink [&_svg]:size-4.5 [&_svg]:shrink-0"
    >
      {props.icon}
      <span className="grow truncate">{props.label}</span>
      {props.count ? <span className="text-small tabular-nums">{props.count}</span> : null}
    </Link>
  )
}
