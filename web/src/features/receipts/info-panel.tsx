import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { errorText } from '@/i18n/errors'
import { formatFull } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { http } from '@/lib/http'
import { openPerson } from '@/lib/person-card'
import type { PanelProps } from '@/lib/room-parts'
import { useEngine, useSync } from '@/sync/react'
import { Avatar } from '@/ui/Avatar'
import { EmptyState } from '@/ui/EmptyState'
import { ErrorState } from '@/ui/ErrorState'
import { More } from '@/ui/More'
import { PanelHead } from '@/ui/PanelHead'
import { Skeleton } from '@/ui/Skeleton'
import type { Account } from '@/wire/accounts'
import type { ListenerList } from '@/wire/listens'
import type { MessageReceipts, Seen } from '@/wire/receipts'

/** Who got a message and who read it, when. */
export function InfoPanel({ roomId, argument, close }: PanelProps) {
  const key = ['receipts', roomId, argument]
  const told = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam: cursor }) =>
      http<MessageReceipts>('GET', `rooms/${roomId}/messages/${argument}/receipts`, {
        query: { cursor },
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    enabled: argument !== null,
  })
  useFresh(roomId)
  return (
    <>
      <PanelHead title={m.receipts_info()} close={close} />
      <div className="min-h-0 grow overflow-y-auto p-5">
        {told.isPending && <Skeleton className="h-24" />}
        {told.isError && (
          <ErrorState
            title={m.receipts_info()}
            text={errorText(told.error)}
            retry={() => void told.refetch()}
          />
        )}
        {argument && <Listeners roomId={roomId} messageId={argument} />}
        {told.data && <Lists told={together(told.data.pages)} />}
        <More of={told} className="mt-4" />
      </div>
    </>
  )
}

/** Who played a voice message of mine; it is told again whenever somebody does. */
function Listeners({ roomId, messageId }: { roomId: string; messageId: string }) {
  const { store } = useEngine()
  const listens = useSync(
    (state) =>
      state.timelines[roomId]?.messages.find((message) => message.id === messageId)?.listens,
  )
  const told = useQuery({
    queryKey: ['listeners', messageId, listens?.count],
    queryFn: () => http<ListenerList>('GET', `rooms/${roomId}/messages/${messageId}/listeners`),
    enabled: Boolean(listens),
  })
  if (!told.data) return null
  const named = new Map(told.data.people.map((one) => [one.id, one]))
  return (
    <div className="mb-6">
      <List
        title={m.voice_listeners()}
        seen={told.data.listeners}
        count={told.data.listeners.length}
        person={(id) => named.get(id) ?? store.getState().people[id]}
      />
    </div>
  )
}

/** Further pages, of crowds only, bring more who read. */
function together(pages: readonly MessageReceipts[]): MessageReceipts {
  const [first] = pages
  if (!first) throw new Error('a list begins with a page')
  return {
    ...first,
    read: pages.flatMap((page) => page.read),
    people: pages.flatMap((page) => page.people),
  }
}

/** Cursors that move are told live in small rooms: then look again. */
function useFresh(roomId: string): void {
  const receipts = useSync((state) => state.rooms[roomId]?.receipts)
  const queries = useQueryClient()
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the change that matters
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: ['receipts', roomId] })
  }, [queries, roomId, receipts])
}

function Lists({ told }: { told: MessageReceipts }) {
  const { store } = useEngine()
  const named = new Map(told.people.map((one) => [one.id, one]))
  const person = (id: string) => named.get(id) ?? store.getState().people[id]
  const waiting = told.waiting.map((account_id) => ({ account_id, at: null }))
  if (told.read_count + told.delivered_count + told.waiting_count === 0)
    return <EmptyState title={m.receipts_nobody()}>{m.receipts_nobody_text()}</EmptyState>
  return (
    <div className="flex flex-col gap-6">
      {told.hidden && <p className="text-small text-muted">{m.receipts_hidden()}</p>}
      <List
        title={m.receipts_read_by({ count: told.read_count })}
        seen={told.read}
        count={told.read_count}
        person={person}
      />
      <List
        title={m.receipts_delivered_to({ count: told.delivered_count })}
        seen={told.delivered}
        count={told.delivered_count}
        person={person}
      />
      <List
        title={m.receipts_waiting({ count: told.waiting_count })}
        seen={waiting}
        count={told.waiting_count}
        person={person}
      />
    </div>
  )
}

interface ListProps {
  title: string
  seen: readonly Seen[]
  count: number
  person: (id: string) => Account | undefined
}

function List({ title, seen, count, person }: ListProps) {
  if (count === 0) return null
  return (
    <section>
      <h3 className="mb-2 text-small font-semibold text-muted">{title}</h3>
      <ul className="flex flex-col gap-1">
        {seen.map((one) => (
          <Line key={one.account_id} seen={one} account={person(one.account_id)} />
        ))}
      </ul>
      {count > seen.length && (
        <p className="mt-2 text-small text-faint">
          {m.receipts_more({ count: count - seen.length })}
        </p>
      )}
    </section>
  )
}

function Line({ seen, account }: { seen: Seen; account: Account | undefined }) {
  const name = account?.display_name ?? m.messages_somebody()
  return (
    <li>
      <button
        type="button"
        className="flex w-full items-center gap-3 rounded-control p-1.5 text-start hover:bg-hover"
        onClick={() => openPerson(seen.account_id)}
      >
        <Avatar size="small" name={name} hue={account?.hue ?? 60} of={account} />
        <span className="min-w-0 grow leading-tight">
          <span className="block truncate" dir="auto">
            {name}
          </span>
          {seen.at && (
            <time dateTime={seen.at} className="block text-caption text-faint">
              {formatFull(seen.at)}
            </time>
          )}
        </span>
      </button>
    </li>
  )
}
