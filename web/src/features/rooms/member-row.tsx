import { EllipsisIcon } from 'lucide-react'
import { useState } from 'react'
import { errorText } from '@/i18n/errors'
import { m } from '@/i18n/paraglide/messages.js'
import { formatUntil } from '@/i18n/until'
import { askReport } from '@/lib/reporting'
import { useMyId, useSync } from '@/sync/react'
import { Avatar } from '@/ui/Avatar'
import { BotMark } from '@/ui/BotMark'
import { IconButton } from '@/ui/IconButton'
import { Menu, type MenuItem } from '@/ui/Menu'
import { TextField } from '@/ui/TextField'
import { toast } from '@/ui/toasts'
import type { Member, Role } from '@/wire/rooms'
import type { RoomSnapshot } from '@/wire/sync'
import * as api from './api'
import { AskDialog } from './ask-dialog'
import { roleLabels } from './invite-dialog'
import { useOpenWith } from './new-message-dialog'
import { isTimedOut, may, mayChangeRole, mayRemove, roles } from './policy'
import { TimeOutDialog } from './time-out-dialog'

type Question = { do: 'remove' | 'ban' | 'time_out' } | { do: 'role'; role: Role }

const presenceLabels = {
  online: m.presence_online,
  away: m.presence_away,
  dnd: m.presence_dnd,
  offline: m.presence_offline,
}

interface MemberRowProps {
  room: RoomSnapshot
  member: Member
  /** A `div` where the list's own item stands around it. */
  as?: 'li' | 'div'
}

export function MemberRow({ room, member, as: Item = 'li' }: MemberRowProps) {
  const { account, role } = member
  const myId = useMyId()
  const isMe = account.id === myId
  const presence = useSync((state) => (isMe ? 'online' : (state.presence[account.id] ?? 'offline')))
  const silent = isTimedOut(member.timed_out_until, Date.now())
  const [question, setQuestion] = useState<Question | null>(null)
  const items = useItems(room, member, isMe, setQuestion)
  return (
    <Item className="group flex items-center gap-3 px-5 py-1.5 hover:bg-hover hover:[--under:var(--paper-hover)]">
      <Avatar
        name={account.display_name}
        hue={account.hue}
        of={account}
        presence={presence}
        presenceLabel={presenceLabels[presence]()}
      />
      <span className="min-w-0 grow leading-tight">
        <span className="flex items-baseline gap-2">
          <span className="truncate font-semibold" dir="auto">
            {account.display_name}
          </span>
          {isMe && <span className="text-small text-faint">{m.rooms_you()}</span>}
          {account.is_bot && <BotMark />}
        </span>
        {silent && (
          <span className="block truncate text-caption text-danger-ink">
            {m.life_timed_out_mark({ time: formatUntil(member.timed_out_until ?? '') })}
          </span>
        )}
        <span className="block truncate text-small text-muted" dir="auto">
          {account.status_text || `@${account.username}`}
        </span>
      </span>
      {role !== 'member' && room.room.kind !== 'direct' && (
        <span className="text-small text-muted">{roleLabels[role]()}</span>
      )}
      {items.length > 0 && (
        <Menu items={items}>
          <IconButton
            size="small"
            label={m.rooms_member_more({ name: account.display_name })}
            icon={<EllipsisIcon aria-hidden="true" />}
          />
        </Menu>
      )}
      {question && (
        <MemberQuestion
          room={room}
          member={member}
          question={question}
          onClose={() => setQuestion(null)}
        />
      )}
    </Item>
  )
}

/** Only what my role may do to this one. */
function useItems(
  room: RoomSnapshot,
  { account, role, timed_out_until }: Member,
  isMe: boolean,
  ask: (question: Question) => void,
): MenuItem[] {
  const openWith = useOpenWith()
  const mine = room.me.role
  const message: MenuItem = {
    id: 'message',
    label: m.rooms_message_them(),
    run: () =>
      void openWith([account.id]).catch((refusal) => toast(errorText(refusal), { tone: 'danger' })),
  }
  const changes = roles
    .filter((next) => next !== role)
    .filter(() => isMe || may('change_role', room.room, mine))
    .filter((next) => room.room.kind !== 'direct' && mayChangeRole(mine, role, next, isMe))
    .map((next) => ({
      id: `role ${next}`,
      label: m.rooms_make({ role: lower(roleLabels[next]()) }),
      run: () => ask({ do: 'role', role: next }),
    }))
  const outranked = !isMe && mayRemove(mine, role)
  const canTimeOut = outranked && may('moderate', room.room, mine)
  const lift = () =>
    void api
      .timeOut(room.room.id, account.id, { until: null })
      .catch((refusal) => toast(errorText(refusal), { tone: 'danger' }))
  const silent = isTimedOut(timed_out_until, Date.now())
  const canRemove = outranked && may('remove', room.room, mine)
  const canBan = outranked && may('ban', room.room, mine)
  const report: MenuItem = {
    id: 'report',
    label: m.life_report(),
    danger: true,
    run: () =>
      askReport({
        // Nobody keeps order between two: it goes to those who run the server.
        roomId: room.room.kind === 'direct' ? null : room.room.id,
        person: { id: account.id, name: account.display_name },
      }),
  }
  return [
    ...(isMe || room.room.kind === 'direct' ? [] : [message]),
    ...changes,
    ...(canTimeOut && silent ? [{ id: 'lift', label: m.life_time_out_lift(), run: lift }] : []),
    ...(canTimeOut && !silent
      ? [{ id: 'time_out', label: m.life_time_out(), run: () => ask({ do: 'time_out' }) }]
      : []),
    ...(canRemove
      ? [{ id: 'remove', label: m.rooms_remove(), danger: true, run: () => ask({ do: 'remove' }) }]
      : []),
    ...(canBan
      ? [{ id: 'ban', label: m.rooms_ban(), danger: true, run: () => ask({ do: 'ban' }) }]
      : []),
    ...(isMe ? [] : [report]),
  ]
}

/** A role inside a sentence. */
const lower = (word: string) => word.toLocaleLowerCase()

interface MemberQuestionProps {
  room: RoomSnapshot
  member: Member
  question: Question
  onClose: () => void
}

function MemberQuestion({ room, member, question, onClose }: MemberQuestionProps) {
  const { id, display_name: name } = member.account
  const roomId = room.room.id
  const [reason, setReason] = useState('')
  if (question.do === 'role') {
    const role = lower(roleLabels[question.role]())
    return (
      <AskDialog
        tone="primary"
        title={m.rooms_role_title({ name, role })}
        description={roleHints[question.role]()}
        action={m.rooms_make({ role })}
        onConfirm={async () => void (await api.changeRole(roomId, id, question.role))}
        onClose={onClose}
      />
    )
  }
  if (question.do === 'time_out') {
    return <TimeOutDialog roomId={roomId} accountId={id} name={name} onClose={onClose} />
  }
  const isBan = question.do === 'ban'
  return (
    <AskDialog
      title={isBan ? m.rooms_ban_title({ name }) : m.rooms_remove_title({ name })}
      description={isBan ? m.rooms_ban_hint() : m.rooms_remove_hint()}
      action={isBan ? m.rooms_ban() : m.rooms_remove()}
      onConfirm={() =>
        isBan ? api.ban(roomId, id, reason.trim()) : api.removeMember(roomId, id, reason.trim())
      }
      onClose={onClose}
    >
      <TextField
        label={m.life_reason()}
        aside={m.ui_optional()}
        value={reason}
        maxLength={250}
        onChange={(event) => setReason(event.target.value)}
      />
    </AskDialog>
  )
}

const roleHints: Record<Role, () => string> = {
  owner: m.rooms_role_owner_hint,
  moderator: m.rooms_role_moderator_hint,
  member: m.rooms_role_member_hint,
  guest: m.rooms_role_guest_hint,
}
