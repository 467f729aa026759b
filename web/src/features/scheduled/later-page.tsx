import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useEffect } from 'react'
import { bodyLine } from '@/i18n/body-line'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { copyText } from '@/lib/clipboard'
import { openOverlay } from '@/lib/overlays'
import { roomTitle } from '@/sync/naming'
import { useEngine, useMyId, useSync } from '@/sync/react'
import { Button } from '@/ui/Button'
import { EmptyState } from '@/ui/EmptyState'
import { ErrorState } from '@/ui/ErrorState'
import { Skeleton } from '@/ui/Skeleton'
import { toast } from '@/ui/toasts'
import { ViewCard, ViewPage } from '@/ui/ViewPage'
import type { Scheduled } from '@/wire/scheduled'
import type { ReminderItem } from '@/wire/timeline'
import * as api from './api'
import { whenText } from './times'
import { WhenDialog } from './when-dialog'

const KEY = ['later']

/** What is to be said later, and what I am to be reminded of. */
export function LaterPage() {
  const list = useQuery({
    queryKey: KEY,
    queryFn: async () => {
      const [{ scheduled }, { reminders }] = await Promise.all([
        api.listScheduled(),
        api.listReminders(),
      ])
      return { scheduled, reminders }
    },
  })
  useFresh()
  const { scheduled = [], reminders = [] } = list.data ?? {}
  return (
    <ViewPage title={m.scheduled_title()}>
      {list.isPending && <Skeleton className="h-24" />}
      {list.isError && (
        <ErrorState
          title={m.scheduled_title()}
          text={errorText(list.error)}
          retry={() => void list.refetch()}
        />
      )}
      {list.isSuccess && scheduled.length + reminders.length === 0 && (
        <EmptyState title={m.scheduled_empty_title()}>{m.scheduled_empty()}</EmptyState>
      )}
      <ul>
        {scheduled.map((one) => (
          <ScheduledCard key={one.id} scheduled={one} />
        ))}
      </ul>
      {reminders.length > 0 && (
        <>
          <h2 className="mt-6 mb-2 font-serif text-lead font-bold">{m.reminders_title()}</h2>
          <ul>
            {reminders.map((one) => (
              <ReminderCard key={one.id} item={one} />
            ))}
          </ul>
        </>
      )}
    </ViewPage>
  )
}

/** What changes elsewhere shows here. */
function useFresh(): void {
  const engine = useEngine()
  const queries = useQueryClient()
  useEffect(
    () =>
      engine.onFact(({ type }) => {
        if (type.startsWith('reminder.') || type === 'scheduled.changed') {
          void queries.invalidateQueries({ queryKey: KEY })
        }
      }),
    [engine, queries],
  )
}

async function attempt(task: () => Promise<unknown>): Promise<void> {
  try {
    await task()
  } catch (refusal) {
    toast(errorText(refusal), { tone: 'danger' })
  }
}

const askWhen = (title: string, run: (at: Date) => Promise<unknown>) =>
  openOverlay((close) => (
    <WhenDialog
      title={title}
      confirm={title}
      onClose={close}
      onChoose={async (at) => {
        await run(at)
      }}
    />
  ))

function RoomName({ roomId }: { roomId: string }) {
  const myId = useMyId()
  const room = useSync((state) => state.rooms[roomId])
  if (!room) return null
  return (
    <span className="font-bold text-ink" dir="auto">
      {roomTitle(room, myId)}
    </span>
  )
}

function Card(props: { head: ReactNode; text: string; note?: string; children: ReactNode }) {
  return (
    <ViewCard>
      <p className="flex flex-wrap gap-x-2 text-small text-muted">{props.head}</p>
      <p className="mt-1 line-clamp-4 break-words whitespace-pre-line" dir="auto">
        {props.text}
      </p>
      {props.note && (
        <p role="alert" className="mt-1 text-small text-danger-ink">
          {props.note}
        </p>
      )}
      <div className="mt-2 flex flex-wrap gap-2">{props.children}</div>
    </ViewCard>
  )
}

function ScheduledCard({ scheduled }: { scheduled: Scheduled }) {
  const { id, text, failed } = scheduled
  const cancel = () =>
    attempt(async () => {
      await api.cancelScheduled(id)
      await copyText(text)
      toast(m.scheduled_cancelled())
    })
  return (
    <Card
      head={
        <>
          <RoomName roomId={scheduled.room_id} />
          <time dateTime={scheduled.send_at}>{whenText(scheduled.send_at, scheduled.zone)}</time>
        </>
      }
      text={text}
      {...(failed && {
        note: m.scheduled_failed({ reason: errorText({ name: 'ApiError', code: failed }) }),
      })}
    >
      <Button size="small" onClick={() => void attempt(() => api.sendScheduled(id))}>
        {m.scheduled_send_now()}
      </Button>
      <Button
        size="small"
        onClick={() => askWhen(m.scheduled_change(), (at) => api.reschedule(id, at))}
      >
        {m.scheduled_change()}
      </Button>
      <Button size="small" tone="quiet" onClick={() => void cancel()}>
        {m.scheduled_cancel()}
      </Button>
    </Card>
  )
}

function ReminderCard({ item }: { item: ReminderItem }) {
  const { reminder, message } = item
  const said = message && bodyLine(message.body, message.files)
  const text = reminder.note || said || m.reminders_gone()
  return (
    <Card
      head={
        <>
          {reminder.room_id && <RoomName roomId={reminder.room_id} />}
          <time dateTime={reminder.due_at}>
            {reminder.rung_at ? m.reminders_rung() : whenText(reminder.due_at, reminder.zone)}
          </time>
        </>
      }
      text={text}
    >
      {message && (
        <Link
          to="/rooms/$roomId"
          params={{ roomId: message.room_id }}
          search={{ at: String(message.seq) }}
          className="self-center text-small text-accent-ink underline"
        >
          {m.scheduled_look()}
        </Link>
      )}
      <Button
        size="small"
        onClick={() => askWhen(m.reminders_snooze(), (at) => api.snooze(reminder.id, at))}
      >
        {m.reminders_snooze()}
      </Button>
      <Button
        size="small"
        tone="quiet"
        onClick={() => void attempt(() => api.dismiss(reminder.id))}
      >
        {m.reminders_dismiss()}
      </Button>
    </Card>
  )
}
