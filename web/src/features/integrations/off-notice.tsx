import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { useEngine } from '@/sync/react'
import { toast } from '@/ui/toasts'
import { webhooks } from './api'
import { untold } from './untold'
import { hostOf } from './words'

const LASTS = 30_000

/** Tells those who run the server that a webhook of it was turned off: once, also afterwards. */
export function OffNotice() {
  const engine = useEngine()
  const navigate = useNavigate()
  useEffect(() => {
    const show = () =>
      void navigate({ to: '/settings/{-$section}', params: { section: 'webhooks' } })
    const look = async () => {
      const { outgoing } = await webhooks(null)
      for (const hook of untold(outgoing, localStorage)) {
        toast(m.hooks_off_notice({ host: hostOf(hook.url) }), {
          tone: 'danger',
          lasts: LASTS,
          action: { label: m.hooks_look(), run: show },
        })
      }
    }
    // Nobody asked for it: the page of them says what is wrong.
    const quietly = () => void look().catch(() => {})
    quietly()
    return engine.onFact(({ type }) => {
      if (type === 'webhook.disabled') quietly()
    })
  }, [engine, navigate])
  return null
}
