import type { ComposerPart } from '@/lib/composer-parts'
import { later } from '@/lib/later'
import { useSync } from '@/sync/react'

const Tray = later<ComposerPart>(async () => (await import('./tray')).Tray)

/** Nothing until something is attached. */
export function TrayEntry(part: ComposerPart) {
  const { roomId, threadId } = part
  const has = useSync((state) => (state.drafts[threadId ?? roomId]?.files?.length ?? 0) > 0)
  return has && <Tray {...part} />
}
