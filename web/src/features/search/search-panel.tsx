import { m } from '@/i18n/paraglide/messages.js'
import type { PanelProps } from '@/lib/room-parts'
import { PanelHead } from '@/ui/PanelHead'
import { SearchBody } from './search-body'

/** Search beside a room: hits open in it, and the panel stays. */
export function SearchPanel({ roomId, close }: PanelProps) {
  return (
    <>
      <PanelHead title={m.search_title()} close={close} />
      <SearchBody roomId={roomId} close={close} />
    </>
  )
}
