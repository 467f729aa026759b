import { type ReactNode, useMemo, useRef, useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import type { Rights } from '@/lib/row-parts'
import { useSync } from '@/sync/react'
import { ErrorState } from '@/ui/ErrorState'
import { Composer } from './composer'
import { ListSkeleton } from './list-skeleton'
import { MessageList } from './message-list'
import { MessageRow } from './message-row'
import { createPaneStore, type Pane, PaneContext } from './pane-store'
import { buildRows } from './rows'
import { type Opening, useView } from './use-view'
import { WritingPlace } from './writing-place'

interface ThreadPaneProps {
  roomId: string
  rootId: string
  /** The reply to begin at, by its `seq`. */
  at: number | null
  myId: string
  rights: Rights
  /** Between the replies and the composer, in a place of fixed height: who is typing. */
  below: ReactNode
  onTyping: (active: boolean) => void
}

const quiet = () => {}

/** A thread: what it answers, the replies, and a place to write. Mount it anew for each. */
export function ThreadPane(props: ThreadPaneProps) {
  const { roomId, rootId, myId, rights } = props
  const [store] = useState(createPaneStore)
  const list = useRef<Pane['list']['current']>(null)
  const composer = useRef<HTMLTextAreaElement | null>(null)
  const pane = useMemo(
    (): Pane => ({ store, list, composer, roomId, threadId: rootId, myId, rights }),
    [store, roomId, rootId, myId, rights],
  )
  return (
    <PaneContext value={pane}>
      <Replies {...props} />
      {props.below}
      <WritingPlace>
        <Composer title="" onTyping={props.onTyping} onRead={quiet} />
      </WritingPlace>
    </PaneContext>
  )
}

function Replies({ roomId, rootId, at, myId }: ThreadPaneProps) {
  const [opening] = useState((): Opening => ({ seq: at, why: at === null ? 'end' : 'link' }))
  const view = useView(roomId, opening, rootId)
  // Held as it was when the thread was opened: reading on does not move the line.
  const read = useSync((state) => state.threads[rootId]?.me.read_seq)
  const [mark, setMark] = useState<number | undefined>(undefined)
  if (mark === undefined && read !== undefined) setMark(read)
  const nothing = useSync((state) => !state.outbox.some((one) => one.room_id === roomId))
  if (view.error) {
    return (
      <div className="grow">
        <ErrorState title={m.threads_failed()} text={view.error} retry={view.retry} />
      </div>
    )
  }
  if (!view.span) return <ListSkeleton />
  const isEmpty = view.messages.length === 0 && view.atOldest && nothing
  return (
    <>
      <Root rootId={rootId} myId={myId} />
      {isEmpty ? (
        <p className="grow p-5 text-center text-small text-muted">{m.threads_empty()}</p>
      ) : (
        <MessageList view={view} opening={opening} title="" readSeq={mark ?? null} />
      )}
    </>
  )
}

/** What the thread answers stays in sight over the replies. */
function Root({ rootId, myId }: { rootId: string; myId: string }) {
  const root = useSync((state) => state.threads[rootId]?.root)
  const [hot, setHot] = useState(false)
  const row = useMemo(
    () => root && buildRows({ messages: [root], pending: [], myId, readSeq: null })[0],
    [root, myId],
  )
  if (!root || row?.kind !== 'message') return null
  const count = root.thread_summary?.replies ?? 0
  return (
    <div className="shrink-0 border-b border-line">
      <article
        aria-label={m.threads_root_label()}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: its buttons show by keyboard, too
        tabIndex={0}
        className="max-h-[35dvh] overflow-y-auto pt-3 pb-2"
        onPointerEnter={(event) => event.pointerType === 'mouse' && setHot(true)}
        onPointerLeave={() => setHot(false)}
        onFocus={() => setHot(true)}
        onBlur={(event) => {
          if (!event.currentTarget.contains(event.relatedTarget)) setHot(false)
        }}
      >
        <MessageRow row={row} hot={hot} />
      </article>
      {count > 0 && (
        <p className="px-5 pb-2 text-caption text-muted">{m.threads_replies({ count })}</p>
      )}
    </div>
  )
}
