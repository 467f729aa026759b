import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { useSync } from '@/sync/react'
import { toast } from '@/ui/toasts'

interface Due {
  /** Of one ringing: a reminder that was put off rings again. */
  key: string
  text: string
  tone: 'live' | 'danger'
}

/**
 * Says that it is time, wherever I am; and at the start, what rang or failed while nobody listened.
 * Of much at once only the last: the list says the rest. What was seen to elsewhere is unsaid.
 */
export function LaterBell() {
  const navigate = useNavigate()
  const due = useDue()
  const said = useRef(new Map<string, () => void>())
  useEffect(() => {
    const look = () => void navigate({ to: '/rooms/view/$view', params: { view: 'later' } })
    const keys = new Set(due.map((one) => one.key))
    for (const [key, unsay] of said.current) {
      if (keys.has(key)) continue
      unsay()
      said.current.delete(key)
    }
    const news = due.filter((one) => !said.current.has(one.key))
    for (const one of news.slice(0, -1)) said.current.set(one.key, () => {})
    const last = news.at(-1)
    if (!last) return
    const action = { label: m.scheduled_look(), run: look }
    said.current.set(last.key, toast(last.text, { tone: last.tone, lasts: 30_000, action }))
  }, [due, navigate])
  return null
}

function useDue(): readonly Due[] {
  const rung = useSync((state) => state.own.rung)
  const failed = useSync((state) => state.own.failed)
  return [
    ...failed.map(({ id, failed: reason }) => ({
      key: `${id} ${reason}`,
      text: m.scheduled_failed_toast(),
      tone: 'danger' as const,
    })),
    ...rung.map(({ id, rung_at, note }) => ({
      key: `${id} ${rung_at}`,
      text: m.reminders_due({ what: note || m.reminders_a_message() }),
      tone: 'live' as const,
    })),
  ]
}
