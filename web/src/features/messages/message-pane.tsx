import { type ReactNode, useMemo, useRef, useState } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import type { Rights } from '@/lib/row-parts'
import { useEngine, useSync } from '@/sync/react'
import { EmptyState } from '@/ui/EmptyState'
import { ErrorState } from '@/ui/ErrorState'
import { Announcer } from './announcer'
import { Composer } from './composer'
import { ListSkeleton } from './list-skeleton'
import { MessageList } from './message-list'
import { createPaneStore, type Pane, PaneContext, usePane } from './pane-store'
import { useOpening, useReadMark } from './use-opening'
import { useView } from './use-view'
import { WritingPlace } from './writing-place'

export interface MessagePaneProps {
  roomId: string
  myId: string
  title: string
  /** The address's `at`: a `seq`, or a message id. */
  at?: string | undefined
  rights: Rights
  /** Between list and composer, in a place of fixed height: who is typing. */
  below: ReactNode
  onTyping: (active: boolean) => void
}

/** A room's talk: the list, and the place to write. Mount it anew for each room. */
export function MessagePane(props: MessagePaneProps) {
  const { roomId, myId, rights } = props
  const [store] = useState(createPaneStore)
  const list = useRef<Pane['list']['current']>(null)
  const composer = useRef<HTMLTextAreaElement | null>(null)
  const pane = useMemo(
    (): Pane => ({ store, list, composer, roomId, threadId: null, myId, rights }),
    [store, roomId, myId, rights],
  )
  return (
    <PaneContext value={pane}>
      <History {...props} />
      {props.below}
      <WritingPlace>
        <Writing {...props} />
      </WritingPlace>
      <Announcer roomId={roomId} myId={myId} />
    </PaneContext>
  )
}

function Writing({ roomId, title, onTyping }: MessagePaneProps) {
  const engine = useEngine()
  const { list } = usePane()
  const readAll = useRef(() => {})
  readAll.current = () => {
    engine.markRead(roomId, engine.store.getState().rooms[roomId]?.head ?? 0)
    list.current?.toEnd()
  }
  const [onRead] = useState(() => () => readAll.current())
  const typing = useRef(onTyping)
  typing.current = onTyping
  const [tell] = useState(() => (active: boolean) => typing.current(active))
  return <Composer title={title} onTyping={tell} onRead={onRead} />
}

function History({ roomId, title, at }: MessagePaneProps) {
  const opening = useOpening(roomId, at)
  if (opening === null) return <ListSkeleton />
  if (opening === 'missing') {
    return (
      <div className="grow">
        <EmptyState title={m.messages_link_gone()}>{m.messages_link_gone_text()}</EmptyState>
      </div>
    )
  }
  return (
    <Opened key={`${opening.why} ${opening.seq}`} roomId={roomId} title={title} opening={opening} />
  )
}

function Opened(props: {
  roomId: string
  title: string
  opening: Exclude<ReturnType<typeof useOpening>, null | 'missing'>
}) {
  const { roomId, title, opening } = props
  const view = useView(roomId, opening)
  const readSeq = useReadMark(roomId)
  const isEmpty = useSync((state) => state.outbox.length === 0)
  if (view.error) {
    return (
      <div className="grow">
        <ErrorState title={m.messages_failed()} text={view.error} retry={view.retry} />
      </div>
    )
  }
  if (!view.span) return <ListSkeleton />
  if (view.messages.length === 0 && view.atOldest && isEmpty) {
    return (
      <div className="flex grow items-center">
        <EmptyState title={m.messages_empty_title()}>{m.messages_empty_text()}</EmptyState>
      </div>
    )
  }
  return <MessageList view={view} opening={opening} title={title} readSeq={readSeq} />
}
