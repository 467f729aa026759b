import { Link } from '@tanstack/react-router'
import { SearchIcon } from 'lucide-react'
import { m } from '@/i18n/paraglide/messages.js'
import { useSwitcher } from '@/lib/switcher'
import { Kbd } from '@/ui/Kbd'
import { Mark } from '@/ui/Mark'

export function SideHead() {
  return (
    <div className="flex flex-col gap-2 px-3 pt-3 pb-2">
      <Link
        to="/rooms"
        className="flex min-h-(--control) items-center gap-2.5 rounded-control px-2 font-serif text-lead font-bold"
      >
        <Mark className="size-6" />
        {m.app_name()}
      </Link>
      <button
        type="button"
        data-landmark-focus
        onClick={() => useSwitcher.setState({ open: true })}
        className="flex min-h-(--control) w-full items-center gap-2.5 rounded-control border border-line bg-paper px-3 text-start text-small text-muted transition-colors hover:border-line-strong hover:text-ink"
      >
        <SearchIcon aria-hidden="true" className="size-4.5" />
        <span className="grow">{m.app_jump_to()}</span>
        <span className="coarse:hidden">
          <Kbd keys="Mod+K" />
        </span>
      </button>
    </div>
  )
}
