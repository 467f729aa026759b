import { SendHorizontalIcon, XIcon } from 'lucide-react'
import { type ComponentType, memo, useEffect, useRef, useState } from 'react'
import { bodyLine } from '@/i18n/body-line'
import { m } from '@/i18n/paraglide/messages.js'
import { type ComposerPart, useComposerParts } from '@/lib/composer-parts'
import { usePreferences } from '@/lib/preferences'
import { useShortcut } from '@/lib/shortcuts'
import type { Attached } from '@/lib/uploads'
import { useEngine, usePerson, useSync } from '@/sync/react'
import { IconButton } from '@/ui/IconButton'
import { useAutosize } from '@/ui/TextArea'
import { toast } from '@/ui/toasts'
import { sendMessageLimits } from '@/wire/limits'
import type { Message } from '@/wire/messages'
import { CompletionList } from './completion-list'
import { belongsToIme, reachesBack, sends, wrap } from './composer-keys'
import { OutsiderHint } from './outsider-hint'
import { usePane, usePaneState } from './pane-store'
import { findHeld, oneLine } from './quote'
import { rowKey } from './rows'
import { useCompletionBox } from './use-completion-box'
import { useDraft } from './use-draft'

const noFiles: readonly Attached[] = []
const MAX = sendMessageLimits.text.maxLength
/** The counter shows up when this few characters are left. */
const NEAR = 400

interface ComposerProps {
  title: string
  /** Something was written, or nothing is left of it. */
  onTyping: (active: boolean) => void
  onRead: () => void
}

/** Where words are written. Lives apart from the list: news in the room never draws it again. */
export const Composer = memo(function Composer({ title, onTyping, onRead }: ComposerProps) {
  const pane = usePane()
  const engine = useEngine()
  const draft = useDraft(engine, pane.roomId, pane.threadId)
  const own = useRef<HTMLTextAreaElement>(null)
  const [text, setText] = useState(draft.saved?.text ?? '')
  const replyTo = usePaneState((state) => state.replyTo)
  const [alsoInRoom, setAlsoInRoom] = useState(false)
  const enterSends = usePreferences((state) => state.enterSends)
  const box = useCompletionBox()
  const parts = useComposerParts()
  const { drop, save } = draft
  useAutosize(own, text, 10)
  useOpening(own, draft.saved?.reply_to ?? null)
  useComposerKeys()
  useEffect(() => {
    save(text, replyTo)
  }, [save, text, replyTo])

  const left = MAX - [...text].length
  const files = useSync((state) => state.drafts[pane.threadId ?? pane.roomId]?.files ?? noFiles)
  const isNothing = text.trim() === '' && files.length === 0
  const canSend = !isNothing && left >= 0 && !files.some((file) => file.refused)

  const write = (value: string, caret?: number) => {
    setText(value)
    onTyping(value.trim() !== '')
    if (caret === undefined) return
    requestAnimationFrame(() => own.current?.setSelectionRange(caret, caret))
  }
  const send = () => {
    if (isNothing || files.some((file) => file.refused)) return
    if (left < 0) {
      toast(m.messages_too_long({ count: -left }), { tone: 'danger' })
      return
    }
    // With files it is no command, but what is said of them.
    const asked = files.length > 0 ? [] : parts.submitters
    const taken = asked.map((submit) => submit(text, part)).find(Boolean)
    if (taken === 'keep') return
    drop()
    if (taken) {
      clear()
      return
    }
    const place = { thread: pane.threadId, also_in_room: alsoInRoom }
    engine.words.send(pane.roomId, text.trim(), replyTo, place, files)
    setAlsoInRoom(false)
    clear()
    pane.list.current?.toEnd()
  }
  const clear = () => {
    pane.store.setState({ replyTo: null })
    setText('')
    box.close()
    onTyping(false)
  }
  const part: ComposerPart = {
    roomId: pane.roomId,
    threadId: pane.threadId,
    myId: pane.myId,
    text,
    replyTo,
    insert: (more) => {
      const [from, to] = [own.current?.selectionStart ?? text.length, own.current?.selectionEnd]
      write(text.slice(0, from) + more + text.slice(to ?? from), from + more.length)
      own.current?.focus()
    },
    replace: (value) => write(value, value.length),
    forgetReply: () => pane.store.setState({ replyTo: null }),
    focus: () => own.current?.focus(),
  }
  const takeCompletion = (index?: number) => {
    const taken = box.take(text, own.current?.selectionStart ?? text.length, index)
    if (taken) write(taken.value, taken.caret)
  }
  const onKeyDown = (event: React.KeyboardEvent<HTMLTextAreaElement>) => {
    const key = event.nativeEvent
    const field = event.currentTarget
    if (belongsToIme(key)) return
    if (box.open && chooses(event.key)) {
      if (event.key === 'Escape') box.close()
      else if (event.key === 'ArrowDown') box.move(1)
      else if (event.key === 'ArrowUp') box.move(-1)
      else takeCompletion()
    } else if (sends(key, field, enterSends)) send()
    else if (event.key === 'Escape') stepBack()
    else if (reachesBack(key, field) === 'edit') editLast()
    else if (reachesBack(key, field) === 'reply') replyToLast()
    else if (!format(event)) return
    event.preventDefault()
    event.stopPropagation()
  }
  /** Innermost first: an answer in the making, then the room's unread state. */
  const stepBack = () => {
    if (replyTo !== null) pane.store.setState({ replyTo: null })
    else if (text === '') onRead()
  }
  const editLast = () => {
    const mine = lastOf(
      engine,
      pane.threadId ?? pane.roomId,
      (m) => m.author_id === pane.myId && (m.body.kind === 'text' || m.body.kind === 'files'),
    )
    if (!mine) return
    const key = rowKey(mine.author_id, mine.client_id)
    pane.store.setState({ editing: key })
    pane.list.current?.reveal(key)
  }
  const replyToLast = () => {
    const last = lastOf(
      engine,
      pane.threadId ?? pane.roomId,
      ({ body }) => body.kind === 'text' || body.kind === 'files',
    )
    if (last) pane.store.setState({ replyTo: last.id })
  }
  const format = (event: React.KeyboardEvent<HTMLTextAreaElement>): boolean => {
    const mark = markOf(event)
    if (!mark) return false
    const marked = wrap(event.currentTarget, mark)
    write(marked.value)
    requestAnimationFrame(() =>
      own.current?.setSelectionRange(marked.selectionStart, marked.selectionEnd),
    )
    return true
  }

  return (
    <div className="relative px-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] wide:px-5">
      {box.open && <CompletionList box={box} onTake={takeCompletion} />}
      <OutsiderHint {...part} />
      <Parts list={parts.hints} part={part} />
      <div className="rounded-card border border-line-strong bg-raised shadow-low focus-within:border-focus focus-within:shadow-[0_0_0_1px_var(--focus)]">
        {replyTo && <Replying messageId={replyTo} />}
        <Parts list={parts.trays} part={part} />
        <div className="flex flex-wrap items-end gap-1 p-1.5 wide:flex-nowrap">
          <textarea
            ref={(area) => {
              own.current = area
              pane.composer.current = area
            }}
            rows={1}
            dir="auto"
            data-landmark-focus
            aria-label={
              pane.threadId === null
                ? m.messages_composer_label({ room: title })
                : m.threads_composer_label()
            }
            placeholder={
              pane.threadId === null
                ? m.messages_composer_placeholder({ room: title })
                : m.threads_composer_placeholder()
            }
            aria-autocomplete="list"
            aria-haspopup="listbox"
            // A textarea may not become a combobox: it keeps its role and points into the list.
            {...(box.open && {
              'aria-controls': box.listId,
              'aria-activedescendant': box.optionId(box.active),
            })}
            value={text}
            onChange={(event) => {
              write(event.target.value)
              box.look(event.target.value, event.target.selectionStart)
            }}
            onKeyDown={onKeyDown}
            onBlur={box.close}
            className="block min-h-9 w-full shrink-0 resize-none wide:shrink bg-transparent px-2.5 py-1.5 outline-none"
          />
          {left <= NEAR && (
            <span
              className={`self-center px-1 text-small tabular-nums ${left < 0 ? 'text-danger-ink' : 'text-muted'}`}
            >
              <span aria-hidden="true">{left}</span>
              <span className="sr-only" role="status">
                {m.messages_left({ count: left })}
              </span>
            </span>
          )}
          <Parts list={parts.buttons} part={part} />
          <Parts list={parts.sending} part={part} />
          <IconButton
            size="small"
            tone="accent"
            className="ms-auto wide:ms-0"
            label={m.messages_send()}
            disabled={!canSend}
            icon={<SendHorizontalIcon aria-hidden="true" className="rtl:-scale-x-100" />}
            // The keyboard of a phone stays open.
            onPointerDown={(event) => event.preventDefault()}
            onClick={send}
          />
        </div>
        {pane.threadId !== null && pane.rights.post && (
          <AlsoInRoom checked={alsoInRoom} onChange={setAlsoInRoom} />
        )}
      </div>
    </div>
  )
})

function AlsoInRoom(props: { checked: boolean; onChange: (checked: boolean) => void }) {
  return (
    <label className="flex w-fit cursor-pointer items-center gap-2 px-4 pb-2 text-small text-muted">
      <input
        type="checkbox"
        className="accent-accent"
        checked={props.checked}
        onChange={(event) => props.onChange(event.target.checked)}
      />
      {m.threads_also_in_room()}
    </label>
  )
}

function Parts({
  list,
  part,
}: {
  list: readonly ComponentType<ComposerPart>[]
  part: ComposerPart
}) {
  return list.map((Part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
    <Part key={index} {...part} />
  ))
}

const chooses = (key: string) => ['Escape', 'ArrowDown', 'ArrowUp', 'Enter', 'Tab'].includes(key)

function markOf(event: React.KeyboardEvent): string | null {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return null
  const key = event.key.toLowerCase()
  if (event.shiftKey) return key === 'x' ? '~~' : null
  return { b: '**', i: '_' }[key] ?? null
}

function lastOf(
  engine: ReturnType<typeof useEngine>,
  talk: string,
  fits: (message: Message) => boolean,
): Message | undefined {
  return engine.store.getState().timelines[talk]?.messages.findLast(fits)
}

/** On a desktop the composer has the focus when a room opens; a phone's keyboard stays away. */
function useOpening(area: { current: HTMLTextAreaElement | null }, replyTo: string | null): void {
  const { store } = usePane()
  const atFirst = useRef(replyTo)
  useEffect(() => {
    if (atFirst.current) store.setState({ replyTo: atFirst.current })
    if (matchMedia('(hover: hover) and (min-width: 48.0625rem)').matches) area.current?.focus()
  }, [store, area])
}

function Replying({ messageId }: { messageId: string }) {
  const { roomId, threadId, store } = usePane()
  const message = useSync((state) => findHeld(state, roomId, threadId, messageId))
  const author = usePerson(message?.author_id)
  const text = oneLine((message && bodyLine(message.body, message.files)) ?? '')
  return (
    <div className="flex items-center gap-2 border-b border-line ps-4 pe-1.5 text-small text-muted">
      <span className="min-w-0 grow truncate py-2" dir="auto">
        {m.messages_replying_to({ name: author?.display_name ?? m.messages_somebody() })}
        {text && <span className="text-faint"> — {text}</span>}
      </span>
      <IconButton
        size="small"
        label={m.messages_reply_cancel()}
        icon={<XIcon aria-hidden="true" />}
        onClick={() => store.setState({ replyTo: null })}
      />
    </div>
  )
}

/** What the composer does with the keyboard, for the help dialog. */
function useComposerKeys(): void {
  const scope = 'composer' as const
  useShortcut(
    { id: 'composer.send', keys: ['Enter'], scope, label: m.messages_key_send },
    { id: 'composer.break', keys: ['Shift+Enter'], scope, label: m.messages_key_break },
    { id: 'composer.edit-last', keys: ['ArrowUp'], scope, label: m.messages_key_edit_last },
    { id: 'composer.reply-last', keys: ['Shift+ArrowUp'], scope, label: m.messages_key_reply_last },
    { id: 'composer.bold', keys: ['Mod+B'], scope, label: m.messages_key_bold },
    { id: 'composer.italic', keys: ['Mod+I'], scope, label: m.messages_key_italic },
    { id: 'composer.strike', keys: ['Mod+Shift+X'], scope, label: m.messages_key_strike },
    { id: 'composer.escape', keys: ['Escape'], scope, label: m.messages_key_escape },
  )
}
