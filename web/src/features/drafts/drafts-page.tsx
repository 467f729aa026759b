import { Link } from '@tanstack/react-router'
import { Trash2Icon } from 'lucide-react'
import { useShallow } from 'zustand/react/shallow'
import { m } from '@/i18n/paraglide/messages.js'
import { draftOf } from '@/sync/drafts'
import { roomTitle } from '@/sync/naming'
import { useEngine, useMyId, useSync } from '@/sync/react'
import { EmptyState } from '@/ui/EmptyState'
import { IconButton } from '@/ui/IconButton'
import { toast } from '@/ui/toasts'
import { ViewCard, ViewPage } from '@/ui/ViewPage'
import { draftIds } from './all-drafts'

/** Everything half said, over all rooms and threads. */
export function DraftsPage() {
  const ids = useSync(useShallow(draftIds))
  return (
    <ViewPage title={m.drafts_title()}>
      {ids.length === 0 ? (
        <EmptyState title={m.drafts_empty_title()}>{m.drafts_empty()}</EmptyState>
      ) : (
        <ul>
          {ids.map((id) => (
            <DraftCard key={id} id={id} />
          ))}
        </ul>
      )}
    </ViewPage>
  )
}

function DraftCard({ id }: { id: string }) {
  const engine = useEngine()
  const myId = useMyId()
  const draft = useSync((state) => draftOf(state, id))
  const room = useSync((state) => (draft ? state.rooms[draft.room_id] : undefined))
  if (!draft || !room) return null
  const discard = () => {
    const { room_id, text, reply_to, thread } = draft
    engine.words.saveDraft(room_id, '', null, thread)
    toast(m.drafts_discarded(), {
      action: {
        label: m.ui_undo(),
        run: () => engine.words.saveDraft(room_id, text, reply_to, thread),
      },
    })
  }
  return (
    <ViewCard>
      <div className="flex items-start gap-2">
        <Link
          to="/rooms/$roomId"
          params={{ roomId: draft.room_id }}
          search={draft.thread ? { panel: `thread:${draft.thread}` } : {}}
          className="min-w-0 grow rounded-small"
        >
          <span className="font-bold" dir="auto">
            {roomTitle(room, myId)}
          </span>
          {draft.thread && <span className="text-muted"> {m.drafts_in_thread()}</span>}
          <p className="mt-1 line-clamp-3 break-words whitespace-pre-line text-muted" dir="auto">
            {draft.text}
          </p>
        </Link>
        <IconButton
          size="small"
          label={m.drafts_discard()}
          icon={<Trash2Icon aria-hidden="true" />}
          onClick={discard}
        />
      </div>
    </ViewCard>
  )
}
