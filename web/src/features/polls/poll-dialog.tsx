import { PlusIcon, XIcon } from 'lucide-react'
import { useState } from 'react'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { http } from '@/lib/http'
import { uuid7 } from '@/lib/uuid7'
import { Button } from '@/ui/Button'
import { Checkbox } from '@/ui/Checkbox'
import { Dialog } from '@/ui/Dialog'
import { IconButton } from '@/ui/IconButton'
import { TextField } from '@/ui/TextField'
import type { Message } from '@/wire/messages'
import type { CreatePoll } from '@/wire/polls'

const MAX_OPTIONS = 20

interface Draft {
  question: string
  options: readonly string[]
  multiple: boolean
  anonymous: boolean
  /** As `datetime-local` gives it: the person's own time zone. */
  closes: string
}

const blank: Draft = {
  question: '',
  options: ['', ''],
  multiple: false,
  anonymous: false,
  closes: '',
}

export interface PollDialogProps {
  roomId: string
  threadId: string | null
  close: () => void
  /** What is known of it already. */
  begun?: Pick<Draft, 'question' | 'options'>
}

/** Ask the room. */
export function PollDialog({ roomId, threadId, close, begun = blank }: PollDialogProps) {
  const [draft, setDraft] = useState<Draft>({ ...blank, ...begun })
  const [error, setError] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  // One for each try of the same question: a retry asks once.
  const [clientId] = useState(uuid7)
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change })
  const options = draft.options.map((one) => one.trim()).filter(Boolean)
  const ready = draft.question.trim() !== '' && options.length >= 2
  const ask = async () => {
    setBusy(true)
    setError(null)
    const body: CreatePoll = {
      client_id: clientId,
      question: draft.question.trim(),
      options,
      multiple: draft.multiple,
      anonymous: draft.anonymous,
      closes_at: draft.closes ? new Date(draft.closes).toISOString() : null,
      thread: threadId,
    }
    try {
      await http<Message>('POST', `rooms/${roomId}/polls`, { body })
      close()
    } catch (refusal) {
      setError(errorText(refusal))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog
      title={m.polls_new()}
      onClose={close}
      footer={
        <>
          <Button onClick={close}>{m.ui_cancel()}</Button>
          <Button tone="primary" busy={busy} disabled={!ready} onClick={() => void ask()}>
            {m.polls_ask()}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <TextField
          label={m.polls_question()}
          value={draft.question}
          maxLength={300}
          autoFocus
          onChange={(event) => set({ question: event.target.value })}
        />
        <Answers options={draft.options} change={(next) => set({ options: next })} />
        <Checkbox
          label={m.polls_several()}
          checked={draft.multiple}
          onChange={(event) => set({ multiple: event.target.checked })}
        />
        <Checkbox
          label={m.polls_anonymous_hint()}
          checked={draft.anonymous}
          onChange={(event) => set({ anonymous: event.target.checked })}
        />
        <TextField
          type="datetime-local"
          label={m.polls_until()}
          hint={m.polls_until_hint()}
          value={draft.closes}
          onChange={(event) => set({ closes: event.target.value })}
        />
        {error && (
          <p role="alert" className="text-danger-ink">
            {error}
          </p>
        )}
      </div>
    </Dialog>
  )
}

function Answers({
  options,
  change,
}: {
  options: readonly string[]
  change: (options: readonly string[]) => void
}) {
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 font-semibold">{m.polls_answers()}</legend>
      {options.map((option, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an answer is its place
        <div key={at} className="flex items-end gap-2">
          <input
            type="text"
            dir="auto"
            aria-label={m.polls_answer({ number: at + 1 })}
            placeholder={m.polls_answer({ number: at + 1 })}
            value={option}
            maxLength={100}
            onChange={(event) => change(options.with(at, event.target.value))}
            className="min-h-(--control) w-full rounded-control border border-line-strong bg-raised px-3 outline-none focus:border-focus"
          />
          {options.length > 2 && (
            <IconButton
              label={m.polls_answer_remove({ number: at + 1 })}
              icon={<XIcon aria-hidden="true" />}
              onClick={() => change(options.filter((_, other) => other !== at))}
            />
          )}
        </div>
      ))}
      {options.length < MAX_OPTIONS && (
        <Button
          size="small"
          tone="quiet"
          icon={<PlusIcon aria-hidden="true" className="size-4" />}
          onClick={() => change([...options, ''])}
          className="self-start"
        >
          {m.polls_answer_add()}
        </Button>
      )}
    </fieldset>
  )
}
