import { HourglassIcon } from 'lucide-react'
import { useEffect, useReducer } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { formatUntil } from '@/i18n/until'
import { useSync } from '@/sync/react'
import { slowText } from './slow-text'

/** Under a room's header: why I cannot speak here, or only now and then. */
export function QuietBanner({ roomId }: { roomId: string }) {
  const until = useSync((state) => state.rooms[roomId]?.me.timed_out_until ?? null)
  const slow = useSync((state) => state.rooms[roomId]?.room.slow_mode ?? 0)
  const announces = useSync((state) => state.rooms[roomId]?.room.posting === 'moderators')
  const role = useSync((state) => state.rooms[roomId]?.me.role)
  const over = useWhen(until)
  const waits = role === 'member' || role === 'guest'
  const text =
    until !== null && !over
      ? m.life_timed_out({ time: formatUntil(until) })
      : announces && waits
        ? m.life_only_moderators()
        : slow > 0 && waits
          ? m.life_slow_hint({ every: slowText(slow) })
          : null
  if (text === null) return null
  return (
    <p className="flex items-center justify-center gap-2 border-b border-line bg-sunken px-5 py-1.5 text-small text-muted">
      <HourglassIcon aria-hidden="true" className="size-4 shrink-0" />
      {text}
    </p>
  )
}

/** Whether a moment is over; draws again when it is. */
function useWhen(moment: string | null): boolean {
  const [, again] = useReducer((count: number) => count + 1, 0)
  const left = moment === null ? 0 : Date.parse(moment) - Date.now()
  useEffect(() => {
    // A timer holds at most 24.8 days, and a time-out 28.
    if (left <= 0) return
    const timer = setTimeout(again, Math.min(left + 50, 2 ** 31 - 1))
    return () => clearTimeout(timer)
  }, [left])
  return left <= 0
}
