import { useEffect, useRef, useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import type { ComposerPart } from '@/lib/composer-parts'
import { isOwn } from '@/sync/drafts'
import { useEngine, useSync } from '@/sync/react'
import { Button } from '@/ui/Button'

/**
 * What was written of this draft on another device. Untouched words here follow it; words being
 * typed are never taken away: the others are offered.
 */
export function RemoteDraft({ roomId, threadId, text, replace }: ComposerPart) {
  const id = threadId ?? roomId
  const engine = useEngine()
  const saved = useSync((state) => state.own.drafts.find((draft) => draft.id === id))
  const seen = useRef<typeof saved | null>(null) // null: this has only just been loaded
  const [offered, setOffered] = useState<string | null>(null)
  useEffect(() => {
    const { current } = seen
    if (saved === current) return
    seen.current = saved
    const news = saved?.text ?? ''
    const here = engine.store.getState().drafts[id]
    if (news === text || isOwn(here, saved)) return setOffered(null)
    // What came before this was loaded: into an empty place, unless it was emptied just now.
    if (current === null && (text !== '' || here?.dirty)) return
    const before = current ?? undefined
    if (text === (before?.text ?? '')) {
      setOffered(null)
      replace(news)
    } else setOffered(news === '' ? null : news)
  }, [saved, text, replace, engine, id])
  if (offered === null) return null
  return (
    <div
      role="status"
      className="mb-2 flex flex-wrap items-center gap-2 rounded-control border border-line bg-hover px-3 py-2 text-small"
    >
      <span className="min-w-0 grow">
        {m.drafts_offer()} <q className="text-muted">{offered.slice(0, 80)}</q>
      </span>
      <Button
        size="small"
        onClick={() => {
          replace(offered)
          setOffered(null)
        }}
      >
        {m.drafts_take()}
      </Button>
      <Button size="small" tone="quiet" onClick={() => setOffered(null)}>
        {m.drafts_keep()}
      </Button>
    </div>
  )
}
