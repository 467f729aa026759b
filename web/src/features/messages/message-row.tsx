import { Trash2Icon } from 'lucide-react'
import { type ComponentType, memo, useMemo } from 'react'
import { formatFull, formatTime } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { cx } from '@/lib/class-names'
import { openPerson } from '@/lib/person-card'
import { type RowPart, useRowParts } from '@/lib/row-parts'
import type { Held } from '@/sync/beside'
import { useEngine, usePerson, useSync } from '@/sync/react'
import { Avatar } from '@/ui/Avatar'
import { BotMark } from '@/ui/BotMark'
import { EmojiGlyph } from '@/ui/EmojiGlyph'
import type { ShownAs } from '@/wire/messages'
import { actionsOn } from './actions'
import { EditBox } from './edit-box'
import { EditedMark } from './edited-mark'
import { Folded } from './folded'
import { MessageText } from './message-text'
import { changeOf } from './overlay'
import { usePane, usePaneState } from './pane-store'
import { QuoteLine } from './quote'
import { RowToolbar } from './row-toolbar'
import type { MessageRow as Row } from './rows'
import { FoldedNote, SystemNote } from './system-note'
import { useOver } from './use-over'

/** One message of the log. Draws itself again only when this message, or what I do to it, changes. */
export const MessageRow = memo(function MessageRow({ row, hot }: { row: Row; hot: boolean }) {
  const { message } = row
  const over = useOver(message.expires_at)
  if (over) return null
  if (message.body.kind === 'system') {
    return (
      <div className="flex px-4 wide:px-5">
        <Gutter />
        {row.also.length > 0 ? (
          <FoldedNote messages={[message, ...row.also]} event={message.body.event} />
        ) : (
          <SystemNote message={message} body={message.body} />
        )}
      </div>
    )
  }
  const shownAs = message.body.kind === 'text' ? message.body.shown_as : undefined
  const drawn = (
    <div
      className={cx(
        'relative flex px-4 transition-colors wide:px-5',
        row.compact ? 'pt-(--message-line-gap)' : 'pt-1',
        hot && 'bg-[color-mix(in_oklab,var(--paper-hover)_45%,transparent)]',
      )}
    >
      {row.compact ? (
        <Gutter at={row.at} shown={hot} />
      ) : (
        <Face authorId={message.author_id} shownAs={shownAs} />
      )}
      <div className="min-w-0 grow pb-0.5">
        {message.reply_to && <QuoteLine quote={message.reply_to} from={message.seq} />}
        {!row.compact && <Head authorId={message.author_id} at={row.at} shownAs={shownAs} />}
        <MessageBody row={row} message={message} hot={hot} />
      </div>
    </div>
  )
  return <Folded authorId={message.author_id}>{drawn}</Folded>
})

function MessageBody({ row, message, hot }: { row: Row; message: Held; hot: boolean }) {
  const pane = usePane()
  const engine = useEngine()
  const editing = usePaneState((state) => state.editing === row.key)
  const change = useSync((state) => changeOf(state.outbox, message.id))
  const parts = useRowParts()
  const isEdited = message.edited_at !== null || change?.kind === 'edit'
  const part: RowPart = useMemo(
    () => ({ message, myId: pane.myId, rights: pane.rights, threadId: pane.threadId }),
    [message, pane],
  )
  const marks = useMemo(
    () => (
      <>
        {isEdited && <EditedMark message={message} />}
        {parts.marks.map((Mark, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
          <Mark key={index} {...part} />
        ))}
      </>
    ),
    [isEdited, message, parts, part],
  )
  const { body } = message
  if (body.kind === 'deleted' || change?.kind === 'delete') {
    return <Tombstone byAuthor={body.kind !== 'deleted' || body.by === message.author_id} />
  }
  if (body.kind !== 'text' && body.kind !== 'files') {
    const Body = parts.bodies[body.kind]
    return (
      <>
        <Parts list={parts.above} part={part} />
        {Body ? (
          <Body {...part} />
        ) : (
          <p className="text-muted italic">{m.messages_unknown_kind()}</p>
        )}
        <Parts list={parts.below} part={part} />
        {hot && <RowToolbar actions={actionsOn(message, pane, engine, parts)} isText={false} />}
      </>
    )
  }
  const text = change?.kind === 'edit' ? change.text : body.text
  const Files = body.kind === 'files' ? parts.bodies.files : undefined
  if (editing) {
    const done = () => {
      pane.store.setState({ editing: null })
      pane.composer.current?.focus()
    }
    return (
      <>
        {Files && <Files {...part} />}
        <EditBox
          text={text}
          mayBeEmpty={body.kind === 'files'}
          onCancel={done}
          onSave={(written) => {
            if (change?.kind === 'edit') engine.words.discard(change.id)
            engine.words.edit(pane.roomId, message.id, written)
            done()
          }}
        />
      </>
    )
  }
  return (
    <>
      <Parts list={parts.above} part={part} />
      {Files && <Files {...part} />}
      <div className={cx(change && change.state !== 'failed' && 'opacity-60')}>
        {text === '' ? marks : <MessageText text={text} message={message} after={marks} />}
      </div>
      {change?.state === 'failed' && <ChangeFailed id={change.id} code={change.error} />}
      <Parts list={parts.below} part={part} />
      {hot && <RowToolbar actions={actionsOn(message, pane, engine, parts)} isText={text !== ''} />}
    </>
  )
}

function Parts({ list, part }: { list: readonly ComponentType<RowPart>[]; part: RowPart }) {
  return list.map((Part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
    <Part key={index} {...part} />
  ))
}

function ChangeFailed({ id, code }: { id: string; code: string | null }) {
  const { words } = useEngine()
  return (
    <p className="flex items-center gap-3 text-small text-danger-ink">
      {code === 'forbidden' ? m.messages_change_forbidden() : m.messages_change_failed()}
      <button type="button" className="font-semibold underline" onClick={() => words.discard(id)}>
        {m.messages_change_drop()}
      </button>
    </p>
  )
}

function Tombstone({ byAuthor }: { byAuthor: boolean }) {
  return (
    <p className="flex items-center gap-1.5 text-small text-faint italic">
      <Trash2Icon aria-hidden="true" className="size-3.5" />
      {byAuthor ? m.messages_tombstone() : m.messages_tombstone_moderated()}
    </p>
  )
}

interface SpeakerProps {
  authorId: string
  /** Only programs are shown as somebody: it stands beside what their account is called. */
  shownAs?: ShownAs | undefined
}

export function Face({ authorId, shownAs }: SpeakerProps) {
  const author = usePerson(authorId)
  const isBot = shownAs !== undefined || author?.is_bot
  return (
    <div className="w-[calc(var(--avatar)+0.75rem)] shrink-0 pt-0.5">
      {/* By keyboard the message's menu leads there: a stop at every face would be many. */}
      <button type="button" tabIndex={-1} aria-hidden="true" onClick={() => openPerson(authorId)}>
        <Avatar
          name={shownAs?.name || author?.display_name || ''}
          hue={author?.hue ?? 60}
          of={shownAs ? null : author}
          shape={isBot ? 'place' : 'person'}
          glyph={shownAs?.icon && <EmojiGlyph emoji={shownAs.icon} className="text-lead" />}
        />
      </button>
    </div>
  )
}

export function Head({ authorId, at, shownAs }: SpeakerProps & { at: string }) {
  const author = usePerson(authorId)
  const name = author?.display_name ?? m.messages_somebody()
  const alias = shownAs?.name
  return (
    <p className="flex items-baseline gap-2">
      <button
        type="button"
        tabIndex={-1}
        className="truncate text-start font-semibold hover:underline"
        dir="auto"
        title={alias && name}
        onClick={() => openPerson(authorId)}
      >
        {alias || name}
      </button>
      {(shownAs || author?.is_bot) && <BotMark />}
      {alias && alias !== name && (
        <span className="max-w-32 shrink-0 truncate text-caption text-muted" dir="auto">
          {name}
        </span>
      )}
      <time dateTime={at} title={formatFull(at)} className="shrink-0 text-caption text-faint">
        {formatTime(at)}
      </time>
    </p>
  )
}

/** Where the face would be; on hover, the time. */
export function Gutter({ at, shown = false }: { at?: string; shown?: boolean }) {
  return (
    <div className="w-[calc(var(--avatar)+0.75rem)] shrink-0">
      {at && (
        <time
          dateTime={at}
          title={formatFull(at)}
          className={cx(
            'block pt-1 pe-3 text-end text-[0.625rem] whitespace-nowrap text-faint',
            !shown && 'sr-only',
          )}
        >
          {formatTime(at)}
        </time>
      )}
    </div>
  )
}
