import { ClockIcon, TriangleAlertIcon } from 'lucide-react'
import { memo, useEffect, useState } from 'react'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { cx } from '@/lib/class-names'
import { copyText } from '@/lib/clipboard'
import { useRowParts } from '@/lib/row-parts'
import { useEngine, useSync } from '@/sync/react'
import type { SendIntent } from '@/sync/state'
import { toast } from '@/ui/toasts'
import { EditBox } from './edit-box'
import { Face, Gutter, Head } from './message-row'
import { MessageText } from './message-text'
import { usePane, usePaneState } from './pane-store'
import { PendingQuote } from './quote'
import type { PendingRow as Row } from './rows'

/** Most answers come sooner: dimming them would only flicker. */
const DIM_AFTER_MS = 400

/** A message of mine that the log does not have yet. */
export const PendingRow = memo(function PendingRow({ row }: { row: Row }) {
  const { intent } = row
  const pane = usePane()
  const engine = useEngine()
  const editing = usePaneState((state) => state.editing === row.key)
  const waitsLong = useSlow()
  const needsMe = intent.state === 'failed' || intent.state === 'stale'
  const done = () => {
    pane.store.setState({ editing: null })
    pane.composer.current?.focus()
  }
  return (
    <div
      className={cx(
        'flex px-4 wide:px-5',
        row.compact ? 'pt-(--message-line-gap)' : 'pt-1',
        needsMe && 'bg-danger-soft',
      )}
    >
      {row.compact ? <Gutter at={row.at} /> : <Face authorId={pane.myId} />}
      <div className="min-w-0 grow pb-0.5">
        {intent.reply_to && <PendingQuote roomId={intent.room_id} messageId={intent.reply_to} />}
        {!row.compact && <Head authorId={pane.myId} at={row.at} />}
        <OnTheirWay intent={intent} />
        {editing ? (
          <EditBox
            text={intent.text}
            onCancel={done}
            onSave={(text) => {
              engine.words.reword(intent.id, text)
              done()
            }}
          />
        ) : (
          <div className={cx(waitsLong && intent.state !== 'sent' && !needsMe && 'opacity-60')}>
            {intent.text !== '' && <MessageText text={intent.text} message={null} />}
          </div>
        )}
        {!editing && <SendState intent={intent} rowKey={row.key} slow={waitsLong} />}
      </div>
    </div>
  )
})

function OnTheirWay({ intent }: { intent: SendIntent }) {
  const Files = useRowParts().pending
  const { id, files = [] } = intent
  return Files && files.length > 0 && <Files id={id} files={files} />
}

function useSlow(): boolean {
  const [slow, setSlow] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), DIM_AFTER_MS)
    return () => clearTimeout(timer)
  }, [])
  return slow
}

function SendState({
  intent,
  rowKey,
  slow,
}: {
  intent: SendIntent
  rowKey: string
  slow: boolean
}) {
  const offline = useSync((state) => state.connection !== 'online')
  if (intent.state === 'failed' || intent.state === 'stale') {
    return <NeedsMe intent={intent} rowKey={rowKey} />
  }
  // Files say themselves how far they are: one line more or less, and the row would jump.
  const isTold = !offline && intent.state !== 'held' && (intent.files?.length ?? 0) > 0
  if (!slow || isTold || intent.state === 'sent') return null
  const held = intent.state === 'held' ? m.messages_held() : null
  const text = held ?? (offline ? m.messages_queued() : m.messages_sending())
  return (
    <p className="flex items-center gap-1.5 text-caption text-muted">
      <ClockIcon aria-hidden="true" className="size-3" />
      {text}
    </p>
  )
}

function NeedsMe({ intent, rowKey }: { intent: SendIntent; rowKey: string }) {
  const { words } = useEngine()
  const { store } = usePane()
  const reason =
    intent.state === 'stale'
      ? m.messages_stale()
      : errorText({ code: intent.error ?? 'internal', message: '' })
  const copy = async () => {
    await copyText(intent.text)
    toast(m.messages_text_copied())
  }
  const choices = [
    {
      label: intent.state === 'stale' ? m.messages_send_now() : m.messages_retry(),
      run: () => words.retry(intent.id),
    },
    { label: m.messages_edit(), run: () => store.setState({ editing: rowKey }) },
    { label: m.messages_copy(), run: () => void copy() },
    { label: m.messages_delete(), run: () => words.discard(intent.id) },
  ]
  return (
    <fieldset
      aria-label={m.messages_not_sent()}
      className="flex flex-wrap items-center gap-x-3 gap-y-1 py-0.5 text-small text-danger-ink"
    >
      <span className="flex items-center gap-1.5">
        <TriangleAlertIcon aria-hidden="true" className="size-4" />
        {intent.state === 'failed' && `${m.messages_not_sent()}. `}
        {reason}
      </span>
      {choices.map((choice) => (
        <button
          key={choice.label}
          type="button"
          onClick={choice.run}
          className="rounded-small font-semibold underline underline-offset-2"
        >
          {choice.label}
        </button>
      ))}
    </fieldset>
  )
}
