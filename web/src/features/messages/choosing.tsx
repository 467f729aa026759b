import { CheckIcon, CopyIcon, XIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { useShallow } from 'zustand/react/shallow'
import { formatTime } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { cx } from '@/lib/class-names'
import { copyText } from '@/lib/clipboard'
import { type ManyAction, useRowParts } from '@/lib/row-parts'
import type { Held } from '@/sync/beside'
import { useEngine, useSync } from '@/sync/react'
import type { State } from '@/sync/state'
import { Button } from '@/ui/Button'
import { IconButton } from '@/ui/IconButton'
import { toast } from '@/ui/toasts'
import type { TimelineMessage } from '@/wire/timeline'
import { offersMore } from './actions'
import { choose, MOST_CHOSEN, usePane, usePaneState } from './pane-store'

/** Lies over a whole row while messages are chosen: a press anywhere chooses it. */
export function ChooseBox({ message }: { message: TimelineMessage }) {
  const pane = usePane()
  const checked = usePaneState((state) => state.chosen?.includes(message.id) ?? false)
  const full = usePaneState((state) => (state.chosen?.length ?? 0) >= MOST_CHOSEN)
  return (
    <label
      className={cx(
        'absolute inset-0 z-10 cursor-pointer',
        checked ? 'bg-[color-mix(in_oklab,var(--accent)_12%,transparent)]' : 'hover:bg-hover/40',
      )}
    >
      <input
        type="checkbox"
        // The row itself is the stop: Space chooses it.
        tabIndex={-1}
        checked={checked}
        aria-label={m.messages_choose_one()}
        onChange={() => {
          if (full && !checked) toast(m.messages_choose_most({ count: MOST_CHOSEN }))
          else choose(pane, message.id)
        }}
        className="peer absolute start-5 top-2 size-5 cursor-pointer appearance-none rounded-small border border-line-strong bg-raised shadow-low checked:border-accent checked:bg-accent forced-colors:appearance-auto"
      />
      <CheckIcon
        aria-hidden="true"
        strokeWidth={3}
        className="pointer-events-none absolute start-[1.4375rem] top-[0.6875rem] size-3.5 text-on-accent opacity-0 peer-checked:opacity-100 forced-colors:hidden"
      />
    </label>
  )
}

/** In the composer's place: how many are chosen, and what to do with them. */
export function ChoosingBar() {
  const pane = usePane()
  const parts = useRowParts()
  const messages = useChosen()
  const { store } = useEngine()
  const nameOf = (id: string) => store.getState().people[id]?.display_name ?? m.messages_somebody()
  const done = () => {
    pane.store.setState({ chosen: null })
    requestAnimationFrame(() => pane.composer.current?.focus())
  }
  const offered = parts.many().map((action) => ({
    action,
    fitting: messages.filter(action.fits),
  }))
  return (
    <div
      role="toolbar"
      aria-label={m.messages_choosing()}
      className="mx-4 mb-4 flex flex-wrap items-center gap-1 rounded-card border border-line-strong bg-raised p-2 shadow-low wide:mx-5"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.preventDefault()
        done()
      }}
    >
      <IconButton
        label={m.messages_choose_end()}
        icon={<XIcon aria-hidden="true" />}
        onClick={done}
      />
      <p role="status" className="me-auto px-1 text-small font-semibold tabular-nums">
        {m.messages_chosen({ count: messages.length })}
      </p>
      <BarButton
        label={m.messages_copy()}
        icon={<CopyIcon aria-hidden="true" className="size-4" />}
        disabled={!messages.some(isText)}
        run={() => {
          void copyText(textOf(messages.filter(isText), nameOf)).then(() => {
            toast(m.messages_text_copied())
            done()
          })
        }}
      />
      {offered.map(({ action, fitting }) => (
        <BarButton
          key={action.id}
          label={action.label}
          icon={action.icon}
          danger={action.danger}
          disabled={fitting.length === 0}
          run={() => {
            action.run(fitting)
            done()
          }}
        />
      ))}
    </div>
  )
}

function BarButton(props: {
  label: string
  icon: ReactNode
  disabled: boolean
  danger?: ManyAction['danger']
  run: () => void
}) {
  return (
    <Button
      size="small"
      tone="quiet"
      icon={props.icon}
      disabled={props.disabled}
      onClick={props.run}
      className={cx(props.danger && 'text-danger-ink')}
    >
      <span className="max-wide:sr-only">{props.label}</span>
    </Button>
  )
}

/** Those chosen that are still there, in the order they were said. */
function useChosen(): readonly Held[] {
  const { roomId, threadId } = usePane()
  const chosen = usePaneState((state) => state.chosen)
  return useSync(
    useShallow((state) =>
      held(state, roomId, threadId).filter(
        (message) => chosen?.includes(message.id) && offersMore(message),
      ),
    ),
  )
}

function held(state: State, roomId: string, threadId: string | null): readonly Held[] {
  const messages = state.timelines[threadId ?? roomId]?.messages ?? []
  const root = threadId === null ? undefined : state.threads[threadId]?.root
  return root ? [root, ...messages] : messages
}

const isText = (message: Held) => message.body.kind === 'text'

/** One is copied as it is; of several each says who said it, and when. */
function textOf(messages: readonly Held[], nameOf: (id: string) => string): string {
  const texts = messages.map(({ body }) => (body.kind === 'text' ? body.text : ''))
  if (texts.length === 1) return texts[0] ?? ''
  return messages
    .map(
      ({ author_id, sent_at }, at) => `[${formatTime(sent_at)}] ${nameOf(author_id)}: ${texts[at]}`,
    )
    .join('\n')
}
