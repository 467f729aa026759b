import { XIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { IconButton } from './IconButton'

/** The top of a panel on the right. */
export function PanelHead(props: { title: string; close: () => void; children?: ReactNode }) {
  return (
    <header className="flex min-h-16 shrink-0 items-center gap-2 border-b border-line ps-5 pe-3">
      <h2 className="grow font-serif text-lead font-bold">{props.title}</h2>
      {props.children}
      <IconButton
        label={m.rooms_panel_close()}
        icon={<XIcon aria-hidden="true" />}
        onClick={props.close}
      />
    </header>
  )
}
