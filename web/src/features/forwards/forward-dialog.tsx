import { XIcon } from 'lucide-react'
import { useId, useRef, useState } from 'react'
import { bodyLine } from '@/i18n/body-line'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { cx } from '@/lib/class-names'
import { http } from '@/lib/http'
import { matchScore } from '@/lib/text'
import { uuid7 } from '@/lib/uuid7'
import { roomTitle } from '@/sync/naming'
import { useMyId, useSync } from '@/sync/react'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { TextArea } from '@/ui/TextArea'
import { toast } from '@/ui/toasts'
import type { Forward, ForwardOutcomes } from '@/wire/forwards'
import type { Message } from '@/wire/messages'
import type { RoomSnapshot } from '@/wire/sync'

const MOST = 10
const SHOWN = 8
/** Of several messages these are shown; the others are counted. */
const QUOTED = 3

export interface ForwardDialogProps {
  messages: readonly Message[]
  onClose: () => void
}

/** Chooses rooms by name, then carries the messages there with a few words of mine. */
export function ForwardDialog({ messages, onClose }: ForwardDialogProps) {
  const [chosen, setChosen] = useState<readonly string[]>([])
  const [comment, setComment] = useState('')
  const [busy, setBusy] = useState(false)
  const clientId = useRef(uuid7(Date.now()))
  const titles = useTitles()
  const send = async () => {
    setBusy(true)
    const body: Forward = {
      client_id: clientId.current,
      messages: messages.map((one) => ({ room_id: one.room_id, message_id: one.id })),
      rooms: [...chosen],
      comment: comment.trim(),
    }
    try {
      const { outcomes } = await http<ForwardOutcomes>('POST', 'forwards', { body })
      const failed = outcomes.filter((one) => one.error)
      for (const { room_id, error } of failed) {
        const reason = error?.message ?? ''
        toast(m.forwards_failed_in({ room: titles.get(room_id) ?? '', reason }), { tone: 'danger' })
      }
      const done = outcomes.length - failed.length
      if (done > 0) toast(m.forwards_done({ count: done }))
      if (failed.length === 0) onClose()
      else setChosen(failed.map((one) => one.room_id))
    } catch (refusal) {
      toast(errorText(refusal), { tone: 'danger' })
    }
    setBusy(false)
  }
  const texts = messages.flatMap(({ body }) => bodyLine(body) ?? [])
  const more = messages.length - Math.min(QUOTED, texts.length)
  return (
    <Dialog
      title={messages.length > 1 ? m.forwards_many({ count: messages.length }) : m.forwards_title()}
      onClose={onClose}
      size="small"
      footer={
        <>
          <Button onClick={onClose}>{m.ui_cancel()}</Button>
          <Button
            tone="primary"
            busy={busy}
            disabled={chosen.length === 0}
            onClick={() => void send()}
          >
            {m.forwards_send()}
          </Button>
        </>
      }
    >
      <RoomChoice chosen={chosen} onChange={setChosen} titles={titles} />
      {texts.slice(0, QUOTED).map((text, at) => (
        <blockquote
          // biome-ignore lint/suspicious/noArrayIndexKey: they never change places
          key={at}
          dir="auto"
          className="my-3 line-clamp-3 border-s-2 border-line-strong ps-3 text-small break-words whitespace-pre-line text-muted"
        >
          {text}
        </blockquote>
      ))}
      {messages.length > 1 && more > 0 && (
        <p className="mb-3 text-small text-muted">{m.forwards_and_more({ count: more })}</p>
      )}
      <TextArea
        label={m.forwards_comment()}
        value={comment}
        onChange={(event) => setComment(event.target.value)}
        rows={2}
      />
    </Dialog>
  )
}

function useTitles(): ReadonlyMap<string, string> {
  const myId = useMyId()
  const rooms = useSync((state) => state.rooms)
  return new Map(Object.values(rooms).map((room) => [room.id, roomTitle(room, myId)]))
}

const spokeAt = (room: RoomSnapshot) => room.last_message?.sent_at ?? room.me.joined_at

function RoomChoice(props: {
  chosen: readonly string[]
  onChange: (chosen: readonly string[]) => void
  titles: ReadonlyMap<string, string>
}) {
  const { chosen, onChange, titles } = props
  const rooms = useSync((state) => state.rooms)
  const [query, setQuery] = useState('')
  const [active, setActive] = useState(0)
  const id = useId()
  const found = Object.values(rooms)
    .filter((room) => room.room.archived_at === null && !chosen.includes(room.id))
    .map((room) => ({ room, score: matchScore(query, titles.get(room.id) ?? '') }))
    .filter((one) => one.score !== null)
    .sort(
      (a, b) => (b.score ?? 0) - (a.score ?? 0) || spokeAt(b.room).localeCompare(spokeAt(a.room)),
    )
    .slice(0, SHOWN)
  const full = chosen.length >= MOST
  const take = (roomId: string) => {
    if (full) return
    onChange([...chosen, roomId])
    setQuery('')
    setActive(0)
  }
  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const at = found[active]
    if (step) setActive((now) => Math.max(0, Math.min(found.length - 1, now + step)))
    else if (event.key === 'Enter' && at) take(at.room.id)
    else if (event.key === 'Backspace' && query === '') onChange(chosen.slice(0, -1))
    else return
    event.preventDefault()
  }
  return (
    <div>
      <div className="flex flex-wrap items-center gap-1.5 rounded-control border border-line-strong bg-paper p-1.5 focus-within:border-focus">
        {chosen.map((roomId) => (
          <span
            key={roomId}
            className="flex items-center gap-1 rounded-small bg-accent-soft ps-2 text-small"
          >
            <span className="max-w-40 truncate" dir="auto">
              {titles.get(roomId)}
            </span>
            <button
              type="button"
              className="grid size-7 place-items-center rounded-small hover:bg-hover"
              aria-label={m.forwards_remove({ room: titles.get(roomId) ?? '' })}
              onClick={() => onChange(chosen.filter((one) => one !== roomId))}
            >
              <XIcon className="size-3.5" aria-hidden="true" />
            </button>
          </span>
        ))}
        <input
          role="combobox"
          aria-expanded={found.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={found[active] ? `${id}-${active}` : undefined}
          aria-label={m.forwards_search()}
          placeholder={m.forwards_search()}
          // biome-ignore lint/a11y/noAutofocus: the dialog was opened to type here
          autoFocus
          value={query}
          onChange={(event) => {
            setQuery(event.target.value)
            setActive(0)
          }}
          onKeyDown={onKeyDown}
          className="min-h-8 min-w-32 grow bg-transparent px-1.5 outline-none"
        />
      </div>
      {full && <p className="mt-1 text-small text-muted">{m.forwards_most()}</p>}
      <div id={`${id}-list`} role="listbox" aria-label={m.forwards_search()} className="mt-2">
        {found.map(({ room }, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard chooses from the field
          <div
            key={room.id}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            onClick={() => take(room.id)}
            className={cx(
              'flex min-h-9 cursor-pointer items-center rounded-small px-2.5 coarse:min-h-11',
              index === active ? 'bg-hover' : 'hover:bg-hover',
            )}
          >
            <span className="truncate" dir="auto">
              {titles.get(room.id)}
            </span>
          </div>
        ))}
        {found.length === 0 && <p className="px-2.5 text-small text-muted">{m.forwards_none()}</p>}
      </div>
    </div>
  )
}
