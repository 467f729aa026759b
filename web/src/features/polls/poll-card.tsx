import { ChartBarIcon, LockIcon } from 'lucide-react'
import { useEffect, useState } from 'react'
import { errorText } from '@/i18n/errors'
import { formatFull } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { cx } from '@/lib/class-names'
import { http } from '@/lib/http'
import type { Rights, RowPart } from '@/lib/row-parts'
import { usePerson, useSync } from '@/sync/react'
import { Button } from '@/ui/Button'
import { toast } from '@/ui/toasts'
import type { PollBody } from '@/wire/messages'
import type { TimelineMessage } from '@/wire/timeline'
import { mayClose, shares, votesAfter } from './tally'
import { VotersDialog } from './voters-dialog'

/** A question with its answers: choose, change, take back, and see how it stands. */
export function PollCard({ message, myId, rights }: RowPart) {
  return message.body.kind === 'poll' ? (
    <Card message={message} poll={message.body} myId={myId} rights={rights} />
  ) : null
}

function Card({
  message,
  poll,
  myId,
  rights,
}: {
  message: TimelineMessage
  poll: PollBody
  myId: string
  rights: Rights
}) {
  const role = useSync((state) => state.rooms[message.room_id]?.me.role)
  const [wish, setWish] = useState<readonly number[] | null>(null)
  const [asking, setAsking] = useState(false)
  const closed = useClosed(poll, message.poll?.closed_at ?? null)
  const open = !closed && rights.react
  const mine = wish ?? message.my_votes
  const path = `rooms/${message.room_id}/messages/${message.id}/poll`
  const votes = message.my_votes
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the room shows is news, my wish is over
  useEffect(() => setWish(null), [votes])
  const choose = async (choice: number) => {
    const choices = votesAfter(mine, choice, poll.multiple ?? false)
    setWish(choices)
    try {
      await http('PUT', `${path}/vote`, { body: { choices } })
    } catch (error) {
      setWish(null)
      toast(errorText(error), { tone: 'danger' })
    }
  }
  const close = () =>
    http('POST', `${path}/close`).catch((error: unknown) =>
      toast(errorText(error), { tone: 'danger' }),
    )
  const { counts, voters } = shares(message, mine)
  return (
    <section
      aria-label={m.polls_label({ question: poll.text })}
      className="max-w-lg rounded-card border border-line bg-raised p-3"
    >
      <p className="flex items-start gap-2 font-semibold" dir="auto">
        <ChartBarIcon aria-hidden="true" className="mt-1 size-4 shrink-0 text-accent-ink" />
        {poll.text}
      </p>
      <p className="mb-2 text-caption text-muted">
        {poll.multiple ? m.polls_several() : m.polls_one()}
        {poll.anonymous && ` · ${m.polls_anonymous()}`}
      </p>
      <fieldset className="flex min-w-0 flex-col gap-1">
        <legend className="sr-only">{poll.text}</legend>
        {poll.options.map((option, at) => (
          <Option
            // biome-ignore lint/suspicious/noArrayIndexKey: answers never change places
            key={at}
            text={option}
            count={counts[at] ?? 0}
            share={voters > 0 ? (counts[at] ?? 0) / voters : 0}
            chosen={mine.includes(at)}
            multiple={poll.multiple ?? false}
            people={message.poll?.people[at] ?? []}
            disabled={!open}
            onChoose={() => void choose(at)}
          />
        ))}
      </fieldset>
      <footer className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-small text-muted">
        {poll.anonymous || voters === 0 ? (
          <span>{m.polls_voters({ count: voters })}</span>
        ) : (
          <button type="button" className="underline" onClick={() => setAsking(true)}>
            {m.polls_voters({ count: voters })}
          </button>
        )}
        {closed ? (
          <span className="inline-flex items-center gap-1">
            <LockIcon aria-hidden="true" className="size-3.5" />
            {m.polls_closed()}
          </span>
        ) : (
          poll.closes_at && <span>{m.polls_closes({ at: formatFull(poll.closes_at) })}</span>
        )}
        {open && role && mayClose(message.author_id === myId, role) && (
          <Button size="small" tone="quiet" onClick={() => void close()}>
            {m.polls_close()}
          </Button>
        )}
      </footer>
      {asking && <VotersDialog message={message} poll={poll} close={() => setAsking(false)} />}
    </section>
  )
}

function Option(props: {
  text: string
  count: number
  share: number
  chosen: boolean
  multiple: boolean
  people: readonly string[]
  disabled: boolean
  onChoose: () => void
}) {
  const first = usePerson(props.people[0])
  const who = first && props.people.length > 0 ? first.display_name : ''
  return (
    <button
      type="button"
      aria-pressed={props.chosen}
      aria-disabled={props.disabled}
      title={who && props.count > 1 ? m.polls_first_of({ name: who, count: props.count }) : who}
      onClick={() => !props.disabled && props.onChoose()}
      className={cx(
        'relative flex min-h-10 items-center gap-2 overflow-hidden rounded-control border px-3 py-1.5 text-start',
        props.chosen ? 'border-accent' : 'border-line',
        !props.disabled && 'hover:border-line-strong',
      )}
    >
      <span
        aria-hidden="true"
        className={cx(
          'absolute inset-y-0 start-0 transition-[width] duration-200',
          props.chosen ? 'bg-accent-soft' : 'bg-sunken',
        )}
        style={{ width: `${Math.round(props.share * 100)}%` }}
      />
      <span
        aria-hidden="true"
        className={cx(
          'relative grid size-4 shrink-0 place-items-center border',
          props.multiple ? 'rounded-small' : 'rounded-full',
          props.chosen ? 'border-accent bg-accent text-on-accent' : 'border-line-strong bg-raised',
        )}
      >
        {props.chosen && <span className="text-[0.625rem] leading-none">✓</span>}
      </span>
      <span className="relative min-w-0 grow break-words" dir="auto">
        {props.text}
      </span>
      <span className="relative shrink-0 text-small tabular-nums text-muted">{props.count}</span>
    </button>
  )
}

/** Closed by somebody, or by the clock while I look at it. */
function useClosed(poll: PollBody, closedAt: string | null): boolean {
  const until = poll.closes_at ? Date.parse(poll.closes_at) : null
  const [over, setOver] = useState(() => until !== null && until <= Date.now())
  useEffect(() => {
    if (until === null || over) return
    // Browsers count milliseconds in 32 bits: longer waits are looked at again by the next mount.
    const look = () => setOver(until <= Date.now())
    const timer = setTimeout(look, Math.min(until - Date.now() + 50, 2 ** 31 - 1))
    return () => clearTimeout(timer)
  }, [until, over])
  return closedAt !== null || over
}
