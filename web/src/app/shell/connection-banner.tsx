import { CloudOffIcon } from 'lucide-react'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { useConnection } from '@/lib/connection'
import { Banner } from '@/ui/Banner'

/** A short cut in the line is nobody's business. */
const PATIENCE_MS = 2_000
const GOOD_NEWS_MS = 2_500

export function ConnectionBanner() {
  const { state, queued } = useConnection()
  const shown = useShown(state === 'online')
  const networked = useSyncExternalStore(hearNetwork, () => navigator.onLine)
  if (shown === 'nothing') return null
  if (shown === 'back') {
    return (
      <Banner slim tone="live">
        {m.app_back_online()}
      </Banner>
    )
  }
  return (
    <Banner slim icon={<CloudOffIcon aria-hidden="true" />}>
      {networked ? m.app_reconnecting() : m.app_offline()}{' '}
      {queued > 0 && m.app_queued({ count: queued })}
    </Banner>
  )
}

/** “Offline” is this device's own trouble; a server that is away is being reconnected to. */
function hearNetwork(heard: () => void): () => void {
  addEventListener('online', heard)
  addEventListener('offline', heard)
  return () => {
    removeEventListener('online', heard)
    removeEventListener('offline', heard)
  }
}

function useShown(online: boolean): 'nothing' | 'trouble' | 'back' {
  const [shown, setShown] = useState<'nothing' | 'trouble' | 'back'>('nothing')
  useEffect(() => {
    if (!online) {
      const timer = setTimeout(() => setShown('trouble'), PATIENCE_MS)
      return () => clearTimeout(timer)
    }
    setShown((before) => (before === 'trouble' ? 'back' : 'nothing'))
    const timer = setTimeout(() => setShown('nothing'), GOOD_NEWS_MS)
    return () => clearTimeout(timer)
  }, [online])
  return shown
}
