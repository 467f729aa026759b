import { useQuery, useQueryClient } from '@tanstack/react-query'
import { CheckIcon, CopyIcon } from 'lucide-react'
import { useState } from 'react'
import { errorText } from '@/i18n/errors'
import { formatRelative } from '@/i18n/format'
import { m } from '@/i18n/paraglide/messages.js'
import { copyText } from '@/lib/clipboard'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { controlClass } from '@/ui/Field'
import { Select } from '@/ui/Select'
import { toast } from '@/ui/toasts'
import { useTask } from '@/ui/use-task'
import type { Invite } from '@/wire/invites'
import type { RoomSnapshot } from '@/wire/sync'
import * as api from './api'
import { FormError } from './form-error'
import { may } from './policy'

interface InviteDialogProps {
  room: RoomSnapshot
  title: string
  onClose: () => void
}

const lifetimes = ['3600', '86400', '604800', 'never'] as const
const uses = ['unlimited', '1', '10', '100'] as const
const guests = ['member', 'guest'] as const

export function InviteDialog({ room, title, onClose }: InviteDialogProps) {
  const [made, setMade] = useState<Invite | null>(null)
  return (
    <Dialog
      title={m.rooms_invite_to({ room: title })}
      description={m.rooms_invite_hint()}
      onClose={onClose}
    >
      <div className="flex flex-col gap-6">
        {made ? <NewLink invite={made} /> : <InviteForm roomId={room.room.id} onMade={setMade} />}
        {may('see_invites', room.room, room.me.role) && <Open room={room} />}
      </div>
    </Dialog>
  )
}

function InviteForm({ roomId, onMade }: { roomId: string; onMade: (invite: Invite) => void }) {
  const queries = useQueryClient()
  const [lifetime, setLifetime] = useState<(typeof lifetimes)[number]>('604800')
  const [use, setUse] = useState<(typeof uses)[number]>('unlimited')
  const [role, setRole] = useState<(typeof guests)[number]>('member')
  const { busy, error, run } = useTask()
  const lifetimeLabels = {
    '3600': m.rooms_an_hour(),
    '86400': m.rooms_a_day(),
    '604800': m.rooms_a_week(),
    never: m.rooms_for_ever(),
  }
  const labelOf = (value: string) =>
    value === 'unlimited' ? m.rooms_any_number() : m.rooms_n_people({ count: Number(value) })
  const submit = () =>
    run(async () => {
      const invite = await api.createInvite(roomId, {
        expires_in: lifetime === 'never' ? null : Number(lifetime),
        max_uses: use === 'unlimited' ? null : Number(use),
        role,
      })
      onMade(invite)
      await queries.invalidateQueries({ queryKey: ['invites', roomId] })
    })
  return (
    <form
      className="grid gap-4 sm:grid-cols-3"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <Select
        label={m.rooms_invite_lasts()}
        value={lifetime}
        onChange={setLifetime}
        options={lifetimes.map((value) => ({ value, label: lifetimeLabels[value] }))}
      />
      <Select
        label={m.rooms_invite_for()}
        value={use}
        onChange={setUse}
        options={uses.map((value) => ({ value, label: labelOf(value) }))}
      />
      <Select
        label={m.rooms_invite_as()}
        value={role}
        onChange={setRole}
        options={guests.map((value) => ({ value, label: roleLabels[value]() }))}
      />
      <div className="flex items-center gap-4 sm:col-span-3">
        <Button type="submit" tone="primary" busy={busy}>
          {m.rooms_invite_create()}
        </Button>
        <FormError text={error} />
      </div>
    </form>
  )
}

export const roleLabels = {
  owner: m.rooms_role_owner,
  moderator: m.rooms_role_moderator,
  member: m.rooms_role_member,
  guest: m.rooms_role_guest,
}

function NewLink({ invite }: { invite: Invite }) {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await copyText(invite.url)
    setCopied(true)
    toast(m.rooms_link_copied())
  }
  return (
    <div className="flex flex-col gap-2">
      <div className="flex gap-2">
        <input
          readOnly
          aria-label={m.rooms_invite_link()}
          value={invite.url}
          dir="ltr"
          onFocus={(event) => event.target.select()}
          // biome-ignore lint/a11y/noAutofocus: the link is what the person asked for
          autoFocus
          className={`${controlClass} grow font-mono text-small`}
        />
        <Button
          tone="primary"
          icon={
            copied ? (
              <CheckIcon aria-hidden="true" className="size-5" />
            ) : (
              <CopyIcon aria-hidden="true" className="size-5" />
            )
          }
          onClick={() => void copy()}
        >
          {m.rooms_copy()}
        </Button>
      </div>
      <p className="text-small text-muted">{m.rooms_invite_once()}</p>
    </div>
  )
}

/** Links that still work. Their codes are not stored, so all one can do is end them. */
function Open({ room }: { room: RoomSnapshot }) {
  const roomId = room.room.id
  const { data, error } = useQuery({
    queryKey: ['invites', roomId],
    queryFn: () => api.invites(roomId),
    staleTime: 0,
  })
  if (error) return <FormError text={errorText(error)} />
  if (!data || data.invites.length === 0) return null
  return (
    <section>
      <h3 className="mb-1 text-small font-semibold">{m.rooms_invites_open()}</h3>
      <ul>
        {data.invites.map((invite) => (
          <OpenInvite key={invite.id} roomId={roomId} invite={invite} />
        ))}
      </ul>
    </section>
  )
}

function OpenInvite({ roomId, invite }: { roomId: string; invite: Invite }) {
  const queries = useQueryClient()
  const { busy, error, run } = useTask()
  const now = new Date()
  const facts = [
    roleLabels[invite.role](),
    invite.max_uses === null
      ? m.rooms_used({ count: invite.uses })
      : m.rooms_used_of({ count: invite.uses, max: invite.max_uses }),
    invite.expires_at === null
      ? m.rooms_for_ever()
      : m.rooms_ends({ when: formatRelative(invite.expires_at, now) }),
  ]
  const revoke = () =>
    run(async () => {
      await api.revokeInvite(roomId, invite.id)
      await queries.invalidateQueries({ queryKey: ['invites', roomId] })
    })
  return (
    <li className="flex items-center gap-3 border-b border-line py-2 text-small last:border-0">
      <span className="grow text-muted">{facts.join(' · ')}</span>
      <FormError text={error} />
      <Button size="small" tone="quiet" busy={busy} onClick={() => void revoke()}>
        {m.rooms_revoke()}
      </Button>
    </li>
  )
}
