import { useParams } from '@tanstack/react-router'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { useAttention } from '@/lib/attention'
import { useConnection } from '@/lib/connection'
import { forgetPictures, ownPictures } from '@/lib/pictures'
import { onSessionEnded } from '@/lib/refresh'
import { useMe, useSession } from '@/lib/session'
import { attentionOf } from '@/sync/attention'
import type { Tables } from '@/sync/dispatch'
import type { Engine } from '@/sync/engine'
import { forgetAccount, openEngine } from '@/sync/open-engine'
import { EngineProvider } from '@/sync/react'
import type { State } from '@/sync/state'
import { toast } from '@/ui/toasts'
import { UnsentQuestion } from './unsent-question'

/** Starts sync for whoever is signed in, and ends it with them. */
export function RoomsRoot({ tables, children }: { tables: Tables; children: ReactNode }) {
  const me = useMe()
  const { roomId } = useParams({ strict: false })
  const front = useRef(roomId ?? null)
  const [engine, setEngine] = useState<Engine | null>(null)
  useEffect(() => {
    const made = openEngine(me.id, tables)
    const leaveSession = watchSession(made)
    const unwatch = made.store.subscribe((now, before) => tellOthers(now, before))
    setEngine(made)
    void ownPictures(me.id)
    void made.start(front.current)
    return () => {
      leaveSession()
      unwatch()
      void made.stop().then(() => {
        if (made.store.getState().signedOut) return
        // Signed out by choice: nothing of them stays behind. An ended session keeps the words.
        if (useSession.getState().account?.id === me.id) return
        void forgetAccount(me.id)
        void forgetPictures()
      })
    }
  }, [me.id, tables])
  if (!engine) return null
  return (
    <EngineProvider engine={engine}>
      <UnsentQuestion />
      {children}
    </EngineProvider>
  )
}

function watchSession(engine: Engine): () => void {
  const ended = onSessionEnded(engine.endSession)
  const hurry = () => {
    if (document.visibilityState === 'visible') engine.hurry()
  }
  addEventListener('online', hurry)
  // Between two windows side by side visibility does not change.
  addEventListener('focus', hurry)
  document.addEventListener('visibilitychange', hurry)
  return () => {
    ended()
    removeEventListener('online', hurry)
    removeEventListener('focus', hurry)
    document.removeEventListener('visibilitychange', hurry)
  }
}

/** What the shell shows of us: the banner, the window's title, the favicon. */
function tellOthers(now: State, before: State): void {
  if (now.connection !== before.connection || now.outbox !== before.outbox) {
    const queued = now.outbox.filter(
      (intent) => intent.state === 'queued' && intent.kind === 'send',
    ).length
    useConnection.setState({ state: now.connection, queued })
  }
  if (now.rooms !== before.rooms || now.readHere !== before.readHere || now.own !== before.own) {
    const all = Object.values(now.rooms).map((room) => attentionOf(room, now))
    useAttention.setState({
      unread: all.filter(({ bold }) => bold).length,
      mentions: all.reduce((sum, { badge }) => sum + badge, 0),
    })
  }
  if (now.memoryOnly && !before.memoryOnly) toast(m.rooms_memory_only(), { lasts: 12_000 })
}
