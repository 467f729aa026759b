import type { ReactNode } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { later } from '@/lib/later'
import { mayWrite, usePane, usePaneState } from './pane-store'

const ChoosingBar = later(async () => (await import('./choosing')).ChoosingBar)

/** The composer; or why there is none; or, while messages are chosen, what to do with them. */
export function WritingPlace({ children }: { children: ReactNode }) {
  const pane = usePane()
  const choosing = usePaneState((state) => state.chosen !== null)
  return (
    <>
      {choosing && <ChoosingBar />}
      {/* Only out of sight: what is being written stays, and nothing takes the focus anew. */}
      <div className={choosing ? 'hidden' : 'contents'}>
        {mayWrite(pane) ? (
          children
        ) : (
          <p className="mx-5 mb-4 rounded-control bg-sunken p-3 text-center text-small text-muted">
            {m.messages_cannot_post()}
          </p>
        )}
      </div>
    </>
  )
}
