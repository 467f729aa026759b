import type { ReactNode } from 'react'
import { m } from '@/i18n/paraglide/messages.js'
import { openPerson } from '@/lib/person-card'
import { statusOf } from '@/lib/status'
import { usePerson, useSync } from '@/sync/react'
import { Avatar } from '@/ui/Avatar'
import { Button } from '@/ui/Button'
import { EmptyState } from '@/ui/EmptyState'
import { ViewPage } from '@/ui/ViewPage'
import * as api from './api'
import { useAct } from './use-act'

/** Who asks me, my contacts, whom I asked, whom I blocked: as events keep it. */
export function ContactsPage() {
  const { contacts, blocked } = useSync((state) => state.own.circle)
  const of = (state: string) => contacts.filter((one) => one.state === state)
  const nobody = contacts.length + blocked.length === 0
  return (
    <ViewPage title={m.people_contacts()}>
      {nobody && <EmptyState title={m.people_none_title()}>{m.people_none()}</EmptyState>}
      <List title={m.people_requests()} count={of('incoming').length}>
        {of('incoming').map(({ account_id, note }) => (
          <Line key={account_id} accountId={account_id} note={note}>
            <Do label={m.people_accept()} primary task={() => api.accept(account_id)} />
            <Do label={m.people_decline()} task={() => api.drop(account_id)} />
          </Line>
        ))}
      </List>
      <List title={m.people_contacts()} count={of('contact').length}>
        {of('contact').map(({ account_id }) => (
          <Line key={account_id} accountId={account_id} />
        ))}
      </List>
      <List title={m.people_requested()} count={of('requested').length}>
        {of('requested').map(({ account_id }) => (
          <Line key={account_id} accountId={account_id}>
            <Do label={m.people_withdraw()} task={() => api.drop(account_id)} />
          </Line>
        ))}
      </List>
      <List title={m.people_blocked()} count={blocked.length}>
        {blocked.map(({ account_id }) => (
          <Line key={account_id} accountId={account_id}>
            <Do label={m.people_unblock()} task={() => api.unblock(account_id)} />
          </Line>
        ))}
      </List>
    </ViewPage>
  )
}

function List(props: { title: string; count: number; children: ReactNode }) {
  if (props.count === 0) return null
  return (
    <section className="mb-6">
      <h2 className="mb-2 text-small font-semibold text-muted">{props.title}</h2>
      <ul className="flex flex-col gap-1">{props.children}</ul>
    </section>
  )
}

interface LineProps {
  accountId: string
  note?: string
  children?: ReactNode
}

function Line({ accountId, note, children }: LineProps) {
  const person = usePerson(accountId)
  const presence = useSync((state) => state.presence[accountId])
  const name = person?.display_name ?? m.messages_somebody()
  return (
    <li className="flex flex-wrap items-center gap-2 rounded-control p-1.5 hover:bg-hover hover:[--under:var(--paper-hover)]">
      <button
        type="button"
        aria-label={m.people_open({ name })}
        onClick={() => openPerson(accountId)}
        className="flex min-w-0 grow items-center gap-3 rounded-control text-start"
      >
        <Avatar name={name} hue={person?.hue ?? 60} of={person} presence={presence} />
        <span className="min-w-0 leading-tight">
          <span className="block truncate font-semibold" dir="auto">
            {name}
          </span>
          <span className="block truncate text-small text-muted" dir="auto">
            {note || (person && (statusOf(person, Date.now()) || `@${person.username}`))}
          </span>
        </span>
      </button>
      {children}
    </li>
  )
}

function Do(props: { label: string; primary?: boolean; task: () => Promise<unknown> }) {
  const { busy, act } = useAct()
  return (
    <Button
      size="small"
      {...(props.primary && { tone: 'primary' as const })}
      busy={busy}
      onClick={() => void act(props.task)}
    >
      {props.label}
    </Button>
  )
}
